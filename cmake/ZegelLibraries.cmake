# The libraries the house stands on: Debian 12's packages. Each is used by exactly one folder, named beside it.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)                                # core (EVP), seal (CMS), net (TLS)
find_package(PkgConfig REQUIRED)
find_package(Mimetic REQUIRED)                                    # mail
find_package(ICU REQUIRED COMPONENTS uc i18n data)                # mail (charsets, IDN), check (confusables)
find_package(SQLite3 REQUIRED)                                    # store
find_package(spdlog REQUIRED)                                     # daemon/log
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED)                                 # net and what stands on it (Asio), admin (Beast)
pkg_check_modules(GPGME REQUIRED IMPORTED_TARGET gpgme)           # seal
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)         # seal; its CMake config asks for /usr/bin/zipcmp
pkg_check_modules(LIBLZMA REQUIRED IMPORTED_TARGET liblzma)       # seal (the table of a 7z)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)            # check
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)  # metrics
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)        # send
if(ZEGEL_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
