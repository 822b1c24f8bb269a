#include "tools/ingest/names/lexicon.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {
namespace {

std::optional<VerbForm> VerbFormFromName(absl::string_view name) {
  static constexpr std::pair<absl::string_view, VerbForm> kForms[] = {
      {"present", VerbForm::kPresent},       {"past", VerbForm::kPast},
      {"future", VerbForm::kFuture},         {"conditional", VerbForm::kConditional},
      {"participle", VerbForm::kParticiple}, {"gerund", VerbForm::kGerund},
      {"infinitive", VerbForm::kInfinitive},
  };
  for (const auto& [form_name, form] : kForms) {
    if (form_name == name) return form;
  }
  return std::nullopt;
}

// Splits at commas outside braces.
std::vector<absl::string_view> SplitItems(absl::string_view items) {
  std::vector<absl::string_view> result;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i <= items.size(); ++i) {
    if (i < items.size() && items[i] == '{') ++depth;
    if (i < items.size() && items[i] == '}') --depth;
    if (i == items.size() || (items[i] == ',' && depth == 0)) {
      absl::string_view item = absl::StripAsciiWhitespace(items.substr(start, i - start));
      if (!item.empty()) result.push_back(item);
      start = i + 1;
    }
  }
  return result;
}

// Longer phrases are taken for a slip in a file.
constexpr size_t kPhraseMax = 12;

// A shorter end of a word proves no compound, nor does a shorter word before it.
constexpr size_t kCompoundEndMin = 4;
constexpr size_t kCompoundRestMin = 2;

struct Ending {
  VerbForm form;
  std::string text;
};

bool IsOfAllWords(const Record& record) {
  return record.kind == "inflection" || record.kind == "attributive" || record.kind == "infix";
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandBraces(absl::string_view text) {
  const size_t open = text.find('{');
  const size_t close = text.find('}');
  if (open == absl::string_view::npos && close == absl::string_view::npos) {
    return std::vector<std::string>{std::string(text)};
  }
  if (open == absl::string_view::npos || close == absl::string_view::npos || close < open ||
      text.substr(open + 1, close - open - 1).find('{') != absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("expected balanced braces in '", text, "'"));
  }
  FASTI_ASSIGN_OR_RETURN(std::vector<std::string> tails, ExpandBraces(text.substr(close + 1)));
  std::vector<std::string> result;
  for (absl::string_view choice : absl::StrSplit(text.substr(open + 1, close - open - 1), ',')) {
    for (const std::string& tail : tails) {
      result.push_back(
          absl::StrCat(text.substr(0, open), absl::StripAsciiWhitespace(choice), tail));
    }
  }
  return result;
}

class Lexicon::Builder {
 public:
  Builder(Lexicon& lexicon, const Resources& resources, absl::string_view language)
      : lexicon_(lexicon), tokenizer_(resources, language) {}

  absl::Status AddParadigm(const Record& record) {
    std::vector<Ending>& endings = paradigms_[record.name];
    for (const Field& field : record.fields) {
      const std::optional<VerbForm> form = VerbFormFromName(field.key);
      if (!form) return record.Complain(absl::StrCat("unknown verb form '", field.key, "'"));
      for (absl::string_view item : SplitItems(field.value)) {
        absl::StatusOr<std::vector<std::string>> texts = ExpandBraces(item);
        if (!texts.ok()) return record.Complain(texts.status().message());
        for (std::string& text : *texts) {
          if (text == "-") text.clear();  // the bare stem
          endings.push_back({*form, std::move(text)});
        }
      }
    }
    return absl::OkStatus();
  }

  // Endings and infixes that hold for all words.
  void AddEndings(const Record& record) {
    std::vector<std::string>& endings = record.kind == "inflection"    ? lexicon_.inflections_
                                        : record.kind == "attributive" ? attributives_
                                                                       : infixes_;
    for (std::string& word : record.List("words")) endings.push_back(std::move(word));
  }

  absl::Status AddClass(const Record& record, bool verb) {
    const std::pair<absl::string_view, absl::string_view> name =
        absl::StrSplit(record.name, absl::MaxSplits('.', 1));
    const ClassId id = InternClass(name.first, verb);
    const int32_t canonical = InternCanonical(name.second);
    for (absl::string_view words : record.GetAll("words")) {
      for (absl::string_view item : SplitItems(words)) {
        const absl::Status status =
            verb ? AddVerb(item, id, canonical) : AddWord(item, id, canonical);
        if (!status.ok()) return record.Complain(status.message());
      }
    }
    return absl::OkStatus();
  }

 private:
  ClassId InternClass(absl::string_view name, bool verb) {
    auto [it, inserted] =
        lexicon_.classes_.try_emplace(name, static_cast<ClassId>(lexicon_.class_names_.size()));
    if (inserted) {
      lexicon_.class_names_.emplace_back(name);
      lexicon_.class_is_verb_.push_back(verb);
    }
    return it->second;
  }

  int32_t InternCanonical(absl::string_view text) {
    if (text.empty()) return -1;
    auto found = std::find(lexicon_.canonicals_.begin(), lexicon_.canonicals_.end(), text);
    if (found == lexicon_.canonicals_.end()) {
      found = lexicon_.canonicals_.insert(found, std::string(text));
    }
    return static_cast<int32_t>(found - lexicon_.canonicals_.begin());
  }

  absl::Status AddWord(absl::string_view item, ClassId id, int32_t canonical) {
    FASTI_ASSIGN_OR_RETURN(std::vector<std::string> phrases, ExpandBraces(item));
    for (absl::string_view phrase : phrases) {
      if (phrase.size() > 1 && absl::ConsumePrefix(&phrase, "-")) {
        AddSense(lexicon_.compound_ends_[FoldWord(phrase)], {id, VerbForm::kNotVerb, 1, canonical});
        continue;
      }
      FASTI_RETURN_IF_ERROR(AddPhrase(phrase, id, VerbForm::kNotVerb, canonical));
    }
    return absl::OkStatus();
  }

  // A form of a verb whose particle, if it has one, stands apart in the forms that follow a
  // subject: "stellt vor", but "vorstellt" at the end of a clause.
  absl::Status AddForm(absl::string_view particle, absl::string_view text, ClassId id,
                       VerbForm form, int32_t canonical) {
    if (particle.empty()) {
      FASTI_RETURN_IF_ERROR(AddPhrase(text, id, form, canonical));
    } else {
      FASTI_RETURN_IF_ERROR(AddPhrase(absl::StrCat(particle, text), id, form, canonical));
      if (IsFinite(form)) {
        FASTI_RETURN_IF_ERROR(AddPhrase(absl::StrCat(text, " ", particle), id, form, canonical));
        // Alone it is some verb, until its particle is found.
        FASTI_RETURN_IF_ERROR(AddPhrase(text, InternClass("other", true), form, -1));
      }
      if (form == VerbForm::kInfinitive) {
        for (const std::string& infix : infixes_) {
          FASTI_RETURN_IF_ERROR(
              AddPhrase(absl::StrCat(particle, infix, text), id, form, canonical));
        }
      }
    }
    if (form != VerbForm::kParticiple || attributives_.empty()) return absl::OkStatus();
    const ClassId adjective = InternClass("adjective", false);
    for (const std::string& ending : attributives_) {
      const std::string word = absl::StrCat(particle, text, ending);
      FASTI_RETURN_IF_ERROR(AddPhrase(word, id, VerbForm::kNotVerb, canonical));
      FASTI_RETURN_IF_ERROR(AddPhrase(word, adjective, VerbForm::kNotVerb, -1));
    }
    return absl::OkStatus();
  }

  static void AddSense(Senses& senses, const Sense& sense) {
    for (const Sense& known : senses) {
      if (known.word_class == sense.word_class && known.form == sense.form &&
          known.canonical == sense.canonical) {
        return;
      }
    }
    senses.push_back(sense);
  }

  // Cuts "vor" off "vor|stell"; empty if there is no particle.
  static absl::string_view TakeParticle(absl::string_view& text) {
    const size_t bar = text.find('|');
    if (bar == absl::string_view::npos) return "";
    const absl::string_view particle = text.substr(0, bar);
    text.remove_prefix(bar + 1);
    return particle;
  }

  // A verb is "form:words", or "stem+paradigm" with an optional particle after a space:
  // "t+ake over" is "take over", "took over", ...
  absl::Status AddVerb(absl::string_view item, ClassId id, int32_t canonical) {
    const size_t colon = item.find(':');
    if (colon != absl::string_view::npos) {
      const std::optional<VerbForm> form = VerbFormFromName(item.substr(0, colon));
      if (!form) {
        return absl::InvalidArgumentError(
            absl::StrCat("expected a verb form before ':' in '", item, "'"));
      }
      absl::string_view words = item.substr(colon + 1);
      const absl::string_view particle = TakeParticle(words);
      FASTI_ASSIGN_OR_RETURN(std::vector<std::string> phrases, ExpandBraces(words));
      for (const std::string& phrase : phrases) {
        FASTI_RETURN_IF_ERROR(AddForm(particle, phrase, id, *form, canonical));
      }
      return absl::OkStatus();
    }
    const size_t plus = item.find('+');
    if (plus == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected stem+paradigm or form:word, found '", item, "'"));
    }
    const size_t space = std::min(item.find(' ', plus), item.size());
    const absl::string_view paradigm = item.substr(plus + 1, space - plus - 1);
    const auto found = paradigms_.find(paradigm);
    if (found == paradigms_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("unknown paradigm '", paradigm, "'"));
    }
    absl::string_view stem = item.substr(0, plus);
    const absl::string_view particle = TakeParticle(stem);
    for (const Ending& ending : found->second) {
      const std::string form = absl::StrContains(ending.text, '~')
                                   ? absl::StrReplaceAll(ending.text, {{"~", stem}})
                                   : absl::StrCat(stem, ending.text);
      FASTI_RETURN_IF_ERROR(
          AddForm(particle, absl::StrCat(form, item.substr(space)), id, ending.form, canonical));
    }
    return absl::OkStatus();
  }

  absl::Status AddPhrase(absl::string_view phrase, ClassId id, VerbForm form, int32_t canonical) {
    std::vector<std::string> words;
    if (phrase[0] == '\'' || std::all_of(phrase.begin(), phrase.end(), absl::ascii_islower)) {
      words.emplace_back(phrase);  // One token: what follows a name ("'s"), and most words.
    } else {
      for (Token& token : tokenizer_.Tokenize(phrase)) words.push_back(std::move(token.lower));
    }
    if (words.empty() || words.size() > kPhraseMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected 1 to ", kPhraseMax, " words in '", phrase, "'"));
    }
    const Sense sense{id, form, static_cast<uint8_t>(words.size()), canonical};
    std::optional<int>& reading = lexicon_.phrases_.ValueOf(words);
    if (!reading) {
      reading = static_cast<int>(lexicon_.readings_.size());
      lexicon_.readings_.emplace_back();
    }
    AddSense(lexicon_.readings_[*reading], sense);
    return absl::OkStatus();
  }

  Lexicon& lexicon_;
  const Tokenizer tokenizer_;
  absl::flat_hash_map<std::string, std::vector<Ending>> paradigms_;
  std::vector<std::string> attributives_;  // endings of participles that are adjectives
  std::vector<std::string> infixes_;       // between a particle and its infinitive
};

absl::StatusOr<std::unique_ptr<Lexicon>> Lexicon::Create(const Resources& resources,
                                                         absl::string_view language) {
  std::unique_ptr<Lexicon> lexicon(new Lexicon);
  Builder builder(*lexicon, resources, language);
  for (absl::string_view file : {"words", "verbs"}) {
    for (const Record* record : resources.Records(language, file)) {
      if (record->kind == "paradigm") FASTI_RETURN_IF_ERROR(builder.AddParadigm(*record));
      if (IsOfAllWords(*record)) builder.AddEndings(*record);
    }
  }
  for (absl::string_view file : {"words", "verbs"}) {
    for (const Record* record : resources.Records(language, file)) {
      if (record->kind == "paradigm" || IsOfAllWords(*record)) continue;
      if (record->kind != "word" && record->kind != "verb") {
        return record->Complain(absl::StrCat("unknown kind of record '", record->kind, "'"));
      }
      FASTI_RETURN_IF_ERROR(builder.AddClass(*record, record->kind == "verb"));
    }
  }
  return lexicon;
}

Senses Lexicon::Find(absl::Span<const Token> tokens) const {
  return FindIn(tokens);
}

Senses Lexicon::Find(absl::Span<const absl::string_view> words) const {
  return FindIn(words);
}

template <typename Word>
Senses Lexicon::FindIn(absl::Span<const Word> words) const {
  absl::InlinedVector<int, 8> readings;  // shortest first
  phrases_.ForEach(words, [&](int reading) { readings.push_back(reading); });
  Senses result;
  for (size_t i = readings.size(); i-- > 0;) {
    const Senses& found = readings_[readings[i]];
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

Lexicon::Compound Lexicon::FindCompound(absl::string_view word) const {
  for (size_t begin = 0; begin < word.size(); ++begin) {
    const absl::string_view end = word.substr(begin);
    if (begin > 0 && (begin < kCompoundRestMin || end.size() < kCompoundEndMin)) continue;
    if (const auto found = compound_ends_.find(end); found != compound_ends_.end()) {
      return {found->second, begin == 0};
    }
    for (absl::string_view inflection : inflections_) {
      absl::string_view stem = end;
      if (!absl::ConsumeSuffix(&stem, inflection)) continue;
      if (begin > 0 && stem.size() < kCompoundEndMin) continue;
      const auto found = compound_ends_.find(stem);
      if (found != compound_ends_.end()) return {found->second, begin == 0};
    }
  }
  return {};
}

ClassId Lexicon::ClassOf(absl::string_view name) const {
  const auto found = classes_.find(name);
  return found == classes_.end() ? kNoClass : found->second;
}

}  // namespace fasti::ingest
