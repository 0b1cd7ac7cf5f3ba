#include "seal/passphrase.h"

#include <string>

#include "core/random.h"
#include "seal/words.h"

namespace zegel::seal {

Secret new_passphrase(Language language, std::uint32_t words) {
  constexpr std::size_t longest = 10;  // nine letters and the hyphen
  const WordList& list = words_of(language);
  std::string phrase;
  phrase.reserve(words * longest);  // so that no half a passphrase is left behind in freed memory
  for (std::uint32_t i = 0; i < words; ++i) {
    if (i > 0) phrase += '-';
    phrase += list[random_below(word_count)];
  }
  return Secret(std::move(phrase));
}

}  // namespace zegel::seal
