#include "check/weights.h"

#include <array>

namespace zegel::check {

std::span<const WeightRow> weight_rows() {
  static constexpr std::array rows = {
      WeightRow{"swap", &Weights::swap},
      WeightRow{"undoubled", &Weights::undoubled},
      WeightRow{"doubled", &Weights::doubled},
      WeightRow{"missing", &Weights::missing},
      WeightRow{"extra_neighbour", &Weights::extra_neighbour},
      WeightRow{"extra", &Weights::extra},
      WeightRow{"neighbour", &Weights::neighbour},
      WeightRow{"look_alike", &Weights::look_alike},
      WeightRow{"same_skeleton", &Weights::same_skeleton},
      WeightRow{"sounds_alike", &Weights::sounds_alike},
      WeightRow{"vowel", &Weights::vowel},
      WeightRow{"other", &Weights::other},
      WeightRow{"first_letter", &Weights::first_letter},
      WeightRow{"dot", &Weights::dot},
      WeightRow{"hyphen", &Weights::hyphen},
      WeightRow{"tld_absent", &Weights::tld_absent},
      WeightRow{"tld_absent_share", &Weights::tld_absent_share},
      WeightRow{"tld_slip", &Weights::tld_slip},
      WeightRow{"tld_other", &Weights::tld_other},
      WeightRow{"tld_single", &Weights::tld_single},
      WeightRow{"tld_near", &Weights::tld_near},
      WeightRow{"www", &Weights::www},
      WeightRow{"lure", &Weights::lure},
      WeightRow{"lure_everyday", &Weights::lure_everyday},
      WeightRow{"lure_ending", &Weights::lure_ending},
      WeightRow{"lure_glued", &Weights::lure_glued},
      WeightRow{"lure_glued_5", &Weights::lure_glued_5},
      WeightRow{"lure_glued_3", &Weights::lure_glued_3},
      WeightRow{"parts_turned", &Weights::parts_turned},
      WeightRow{"other_host", &Weights::other_host},
      WeightRow{"disguised", &Weights::disguised},
      WeightRow{"disguised_nl", &Weights::disguised_nl},
      WeightRow{"marked", &Weights::marked},
      WeightRow{"unmarked", &Weights::unmarked},
      WeightRow{"allowed_2", &Weights::allowed_2},
      WeightRow{"allowed_3", &Weights::allowed_3},
      WeightRow{"allowed_4", &Weights::allowed_4},
      WeightRow{"allowed_5", &Weights::allowed_5},
      WeightRow{"allowed_6", &Weights::allowed_6},
      WeightRow{"allowed_7", &Weights::allowed_7},
      WeightRow{"per_tenfold_mail", &Weights::per_tenfold_mail},
      WeightRow{"shift", &Weights::shift},
      WeightRow{"shift_per_tenfold", &Weights::shift_per_tenfold},
      WeightRow{"address_known", &Weights::address_known},
      WeightRow{"merely_listed", &Weights::merely_listed},
      WeightRow{"person_separator", &Weights::person_separator},
      WeightRow{"person_order", &Weights::person_order},
      WeightRow{"person_tussenvoegsel", &Weights::person_tussenvoegsel},
      WeightRow{"person_initial", &Weights::person_initial},
      WeightRow{"person_allowed", &Weights::person_allowed},
      WeightRow{"person_allowed_4", &Weights::person_allowed_4},
      WeightRow{"person_allowed_6", &Weights::person_allowed_6},
      WeightRow{"person_allowed_9", &Weights::person_allowed_9},
      WeightRow{"person_per_tenfold_mail", &Weights::person_per_tenfold_mail},
  };
  return rows;
}

}  // namespace zegel::check
