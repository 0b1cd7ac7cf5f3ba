# cmake -DFROM=config/words -DTO=word_lists.cpp -P EmbedWords.cmake: the word lists as C++, so that no file is read later.
set(code "#include \"seal/words.h\"\n\nnamespace zegel::seal {\n")
foreach(language IN ITEMS nl en de)
  file(STRINGS "${FROM}/${language}.txt" words)
  list(JOIN words "\",\n\"" joined)
  string(APPEND code "\nstatic constexpr WordList ${language} = {\n\"${joined}\"};\n")
endforeach()
string(APPEND code "
const WordList& words_of(Language language) {
  return language == Language::nl ? nl : language == Language::de ? de : en;
}

}  // namespace zegel::seal
")
file(WRITE "${TO}" "${code}")
