#include "tools/ingest/text/language.h"

#include <cld2/public/compact_lang_det.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fasti::ingest {
namespace {

// Returns "" if the detector is not sure.
std::string Detect(absl::string_view text) {
  bool reliable = false;
  const CLD2::Language language = CLD2::DetectLanguage(text.data(), static_cast<int>(text.size()),
                                                       /*is_plain_text=*/true, &reliable);
  return reliable ? CLD2::LanguageCode(language) : "";
}

absl::Status Unsupported(absl::string_view language, const Resources& resources) {
  return absl::InvalidArgumentError(absl::StrCat("language '", language,
                                                 "' is not supported, expected one of ",
                                                 absl::StrJoin(resources.languages(), ", ")));
}

}  // namespace

absl::StatusOr<std::string> ChooseLanguage(absl::string_view text, absl::string_view hint,
                                           const Resources& resources) {
  if (!hint.empty()) {
    const std::string language = absl::AsciiStrToLower(hint.substr(0, hint.find_first_of("-_")));
    if (!resources.HasLanguage(language)) return Unsupported(hint, resources);
    return language;
  }
  const std::string language = Detect(text);
  if (language.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the language of the text cannot be told, expected it to be given as one of ",
                     absl::StrJoin(resources.languages(), ", ")));
  }
  if (!resources.HasLanguage(language)) return Unsupported(language, resources);
  return language;
}

}  // namespace fasti::ingest
