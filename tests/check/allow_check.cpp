// What `zegel allow learn FILE` and `zegel allow check -` do, without a daemon: allow_check HISTORY < lines
#include <fstream>
#include <iostream>
#include <iterator>

#include "check/history.h"
#include "check/index.h"

int main(int argc, char** argv) {
  using namespace zegel;
  check::IndexBuilder builder;
  builder.add_providers();
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto history = check::parse_history(text, {.now = now()});
    if (!history) {
      std::cerr << argv[i] << ": " << history.error().why << "\n";
      return 65;
    }
    for (const auto& recipient : history->recipients) builder.add(check::entry_of(recipient));
  }
  const auto index = builder.build();
  for (std::string line; std::getline(std::cin, line);) {
    const auto verdict = index->judge_text(line);
    std::cout << line << '\t' << to_text(verdict.standing) << '\t' << verdict.suggestion << '\t'
              << check::explain_with_figures(verdict, Language::en) << '\n';
  }
}
