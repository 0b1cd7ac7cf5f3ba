# Passphrases, cover texts and locked zips: a library of its own, the only one that knows libzip.
find_package(ZLIB REQUIRED)  # libzip stands on it; here for the CRC-32 of the outer entry
set(words "${CMAKE_CURRENT_SOURCE_DIR}/../../config/words")
add_custom_command(OUTPUT word_lists.cpp
  COMMAND "${CMAKE_COMMAND}" -DFROM=${words} -DTO=word_lists.cpp -P "${CMAKE_CURRENT_SOURCE_DIR}/EmbedWords.cmake"
  DEPENDS EmbedWords.cmake "${words}/nl.txt" "${words}/en.txt" "${words}/de.txt"
  VERBATIM)

zegel_library(zip
  SOURCES
    compound_file.cpp cover.cpp cover_texts.cpp locked.cpp locked_7z.cpp locked_office.cpp locked_pdf.cpp locked_zip.cpp
    passphrase.cpp pdf_dictionary.cpp strength.cpp winzip_aes.cpp zip.cpp zip_check.cpp zip_memory.cpp zip_pack.cpp
    "${CMAKE_CURRENT_BINARY_DIR}/word_lists.cpp"
  DEPENDS core mail
  PRIVATE OpenSSL::Crypto PkgConfig::LIBZIP PkgConfig::LIBLZMA ZLIB::ZLIB)

# What zegel_seal takes from here (CMakeLists.txt of this folder).
set(zip_sources covers.cpp html_images.cpp kept_body.cpp zip_contents.cpp zip_sealer.cpp)
