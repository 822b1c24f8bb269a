#include "tools/ingest/pipeline.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/base/call_once.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"
#include "tools/ingest/clauses/subject.h"
#include "tools/ingest/frame_examples.h"
#include "tools/ingest/frames/extract.h"
#include "tools/ingest/frames/matcher.h"
#include "tools/ingest/grammar/dateline.h"
#include "tools/ingest/text/document_reader.h"
#include "tools/ingest/vocabulary/vocabulary.h"

namespace fasti::ingest {
namespace {

// Of what is less sure than that, less than one in ten was right in the articles held back: it
// would only tire who reviews it.
constexpr double kConfidenceTold = 0.147;
constexpr size_t kFailuresShown = 20;  // examples named in one complaint

// What is known of one language.  The parts refer to each other, so it never moves.
struct LanguagePack {
  LanguagePack(DocumentReader reader_in, std::unique_ptr<Lexicon> lexicon_in,
               Gazetteer gazetteer_in, FrameBook book_in, TimeGrammar times_in,
               QuantityGrammar quantities_in, const FindingBuilder::Kinds& kinds)
      : reader(std::move(reader_in)),
        lexicon(std::move(lexicon_in)),
        gazetteer(std::move(gazetteer_in)),
        book(std::move(book_in)),
        times(std::move(times_in)),
        quantities(std::move(quantities_in)),
        chunker(*lexicon),
        matcher(book, *lexicon, chunker.classes()),
        builder(book, *lexicon, chunker.classes(), kinds) {}
  LanguagePack(const LanguagePack&) = delete;

  const DocumentReader reader;
  const std::unique_ptr<Lexicon> lexicon;
  const Gazetteer gazetteer;
  const FrameBook book;
  const TimeGrammar times;
  const QuantityGrammar quantities;
  const Chunker chunker;
  const Matcher matcher;
  const FindingBuilder builder;
};

absl::StatusOr<std::unique_ptr<LanguagePack>> LoadLanguage(const Resources& resources,
                                                           absl::string_view language,
                                                           const FindingBuilder::Kinds& kinds) {
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<Lexicon> lexicon, Lexicon::Create(resources, language));
  FASTI_ASSIGN_OR_RETURN(Gazetteer gazetteer, Gazetteer::Create(resources, language));
  FASTI_ASSIGN_OR_RETURN(FrameBook book, FrameBook::Create(resources, language, *lexicon));
  FASTI_ASSIGN_OR_RETURN(TimeGrammar times, TimeGrammar::Make(resources, language));
  FASTI_ASSIGN_OR_RETURN(QuantityGrammar quantities, QuantityGrammar::Make(resources, language));
  return std::make_unique<LanguagePack>(DocumentReader(resources, language), std::move(lexicon),
                                        std::move(gazetteer), std::move(book), std::move(times),
                                        std::move(quantities), kinds);
}

// The tokens that figures and times cover.
std::vector<bool> TakenTokens(const Analysis& analysis) {
  std::vector<bool> taken(analysis.document->tokens.size());
  const auto mark = [&](TokenRange range) {
    std::fill(taken.begin() + range.begin, taken.begin() + range.end, true);
  };
  for (const TimeSpan& time : analysis.times) mark(time.tokens);
  for (const QuantitySpan& quantity : analysis.quantities) mark(quantity.tokens);
  return taken;
}

// Gives the kinds of things that the text speaks of ("data center") a place among the entities.
void AddGenerics(const LanguagePack& pack, Analysis& analysis) {
  const CoreClasses& classes = pack.chunker.classes();
  for (const Senses& senses : analysis.senses) {
    for (const Sense& sense : senses) {
      const bool facility = sense.word_class == classes.generic;
      if ((!facility && sense.word_class != classes.generic_product) ||
          analysis.generics.contains(sense.canonical)) {
        continue;
      }
      NamedEntity entity;
      entity.name = std::string(pack.lexicon->Canonical(sense.canonical));
      entity.type = facility ? EntityType::kFacility : EntityType::kProduct;
      entity.type_certain = true;
      analysis.generics.emplace(sense.canonical,
                                static_cast<uint32_t>(analysis.names.entities.size()));
      analysis.names.entities.push_back(std::move(entity));
    }
  }
}

// What a figure is compared with ("rispetto al 2023") is the time of nothing that is told.
// A verb or a conjunction before an expression of time ("reported second-quarter revenue") is no
// part of it for the clauses.
void TrimTimes(const CoreClasses& classes, const SenseTable& senses, std::vector<TimeSpan>& times) {
  for (TimeSpan& time : times) {
    const Senses& first = senses[time.tokens.begin];
    if (std::any_of(first.begin(), first.end(),
                    [&](const Sense& sense) { return sense.word_class == classes.versus; })) {
      time.period.reset();
    }
    while (time.tokens.size() > 1 &&
           std::any_of(senses[time.tokens.begin].begin(), senses[time.tokens.begin].end(),
                       [&](const Sense& sense) {
                         return sense.form != VerbForm::kNotVerb ||
                                sense.word_class == classes.conjunction;
                       })) {
      ++time.tokens.begin;
    }
  }
}

Analysis Analyse(const LanguagePack& pack, const Document& document,
                 const std::optional<Period>& reported) {
  Analysis analysis;
  analysis.document = &document;
  analysis.senses = FindSenses(document, *pack.lexicon);
  analysis.times = pack.times.Find(document, reported);
  analysis.quantities = pack.quantities.Find(document, analysis.times);
  TrimTimes(pack.chunker.classes(), analysis.senses, analysis.times);
  analysis.names =
      FindNames(document, analysis.senses, TakenTokens(analysis), *pack.lexicon, pack.gazetteer);
  AddGenerics(pack, analysis);
  return analysis;
}

// The name with which the main clause begins, after what a preposition or a subordinator opens:
// "Mentre Boreal ..., Alvena gioca ...".
std::optional<size_t> LeadingName(const Clauses& clauses, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  size_t k = 0;
  if (!units.empty() && (units[0].Is(classes.subordinator) || units[0].Is(classes.preposition) ||
                         units[0].kind == Unit::Kind::kTime)) {
    while (k < units.size() && units[k].kind != Unit::Kind::kComma) ++k;
    ++k;
  }
  for (; k < units.size() && (units[k].kind == Unit::Kind::kWord || units[k].modifier ||
                              (k > 0 && units[k - 1].modifier));
       ++k) {
    if (units[k].Is(classes.preposition) || units[k].Is(classes.relative) ||
        units[k].Is(classes.former)) {
      return std::nullopt;
    }
  }
  const bool name = k < units.size() && units[k].is_reference() &&
                    units[k].reference == Reference::kName && units[k].type != EntityType::kPlace &&
                    !(k + 1 < units.size() && units[k + 1].Is(classes.genitive));
  return name ? std::optional<size_t>(k) : std::nullopt;
}

std::vector<uint32_t> EntitiesAt(const Clauses& clauses, size_t unit, const CoreClasses& classes) {
  std::vector<uint32_t> entities;
  for (size_t member : FindCoordination(clauses, unit, classes).members) {
    const std::vector<uint32_t>& more = clauses.units[member].entities;
    entities.insert(entities.end(), more.begin(), more.end());
  }
  return entities;
}

// "«...», ha detto Giulia Ferrante", "..., said the CEO of Boreal": who follows a verb of saying.
std::optional<size_t> Speaker(const Clauses& clauses, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  for (size_t k = 0; k < units.size(); ++k) {
    if (units[k].kind != Unit::Kind::kVerb || !units[k].Is(classes.say)) continue;
    size_t next = k + 1;
    bool role = false;
    while (next < units.size() && units[next].kind == Unit::Kind::kWord &&
           !units[next].Is(classes.relative)) {
      role |= units[next].Is(classes.role);
      ++next;
    }
    if (next < units.size() && units[next].is_reference() && !units[next].entities.empty() &&
        (role || units[next].type == EntityType::kPerson)) {
      return next;
    }
  }
  return std::nullopt;
}

// The entities that a sentence speaks of: the subject of its main clause.
std::vector<uint32_t> MainSubjects(const Clauses& clauses, const CoreClasses& classes,
                                   const Focus& focus) {
  if (const auto speaker = Speaker(clauses, classes)) return clauses.units[*speaker].entities;
  if (const auto name = LeadingName(clauses, classes)) return EntitiesAt(clauses, *name, classes);
  for (size_t k = 0; k < clauses.units.size(); ++k) {
    if (clauses.units[k].kind != Unit::Kind::kVerb || !clauses.units[k].verb.finite) continue;
    const Subject subject = FindSubject(clauses, k, classes);
    const bool pronoun =
        subject.unit && clauses.units[*subject.unit].reference == Reference::kPronoun;
    // "Die Finanzierung wird vom Fonds Carrow angeführt": no one new is spoken of.
    if (!subject.unit || pronoun || clauses.units[k].verb.noun_subject) {
      // A dropped subject keeps who was spoken of in focus.
      if (subject.certainty == 0) return {};
      const auto antecedent =
          focus.Find(MaskOf(EntityType::kOrganization) | MaskOf(EntityType::kUnit) |
                         MaskOf(EntityType::kPerson),
                     clauses.sentence);
      return antecedent ? std::vector<uint32_t>{antecedent->entity} : std::vector<uint32_t>{};
    }
    return EntitiesAt(clauses, *subject.unit, classes);
  }
  return {};
}

// Who holds an office that stands for the whole: "Ferrante" for Alvena, but no analyst for a bank.
bool LeadsNow(const Finding& finding) {
  static constexpr absl::string_view kLeading[] = {"ceo",   "interim_ceo", "cfo",  "coo",
                                                   "chair", "president",   "head", "founder"};
  const auto role = finding.qualifiers.find("role");
  if (role == finding.qualifiers.end() || !role->second.is(Value::Kind::kString)) return false;
  return !finding.qualifiers.contains("ended") &&
         std::find(std::begin(kLeading), std::end(kLeading), role->second.as_string()) !=
             std::end(kLeading);
}

// What a fact tells of those whom later sentences may mean.
void PutInFocus(const Finding& finding, Focus& focus) {
  const std::string& relation = finding.relation;
  if (relation == "raises_funding") focus.MarkNewcomer(finding.subject);
  if (!finding.object) return;
  if (relation == "holds_role" && LeadsNow(finding)) focus.Employ(finding.subject, *finding.object);
  if (relation == "invests_in" || relation == "acquires") focus.MarkNewcomer(*finding.object);
}

// "la start-up francese Lumera", "Lumera, una start-up ...".
void MarkNewcomers(const Clauses& clauses, const CoreClasses& classes, Focus& focus) {
  constexpr size_t kNameDistanceMax = 3;
  const std::vector<Unit>& units = clauses.units;
  for (size_t i = 0; i < units.size(); ++i) {
    if (!units[i].Is(classes.newcomer)) continue;
    size_t name = i;
    while (name < units.size() && name - i < kNameDistanceMax &&
           units[name].kind == Unit::Kind::kWord && !units[name].Is(classes.preposition)) {
      ++name;
    }
    if (name < units.size() && units[name].is_reference() && units[name].entities.size() == 1) {
      focus.MarkNewcomer(units[name].entities.front());
    }
  }
}

// Frames, discourse and scope, sentence by sentence, since each leaves its subject to the next.
std::vector<Finding> ReadSentences(const LanguagePack& pack, const Analysis& analysis) {
  std::vector<Finding> findings;
  Focus focus(analysis.names, *analysis.document);
  Descriptions descriptions(analysis, pack.chunker.classes());
  for (uint32_t i = 0; i < analysis.document->sentences.size(); ++i) {
    Clauses clauses = pack.chunker.Cut(analysis, i);
    descriptions.Learn(clauses);
    ResolveReferences(analysis.names, focus, descriptions, pack.chunker.classes(), clauses);
    const size_t first = findings.size();
    for (const Match& match : pack.matcher.Find(clauses, analysis.names, focus)) {
      pack.builder.Build(clauses, analysis.names, match, findings);
    }
    KeepOneFactPerFigure(findings, first);
    for (size_t k = first; k < findings.size(); ++k) PutInFocus(findings[k], focus);
    MarkNewcomers(clauses, pack.chunker.classes(), focus);
    std::vector<uint32_t> named;
    for (const Unit& unit : clauses.units) {
      if (unit.is_reference() && unit.reference == Reference::kName) {
        named.push_back(unit.entities.front());
      }
    }
    focus.Advance(i, MainSubjects(clauses, pack.chunker.classes(), focus), named);
  }
  return findings;
}

// What makes two findings of one article tell the same.
auto KeyOf(const Finding& finding, const Vocabulary& vocabulary) {
  const RelationInfo* info = vocabulary.Find(finding.relation);
  const bool symmetric = info != nullptr && info->symmetric;
  uint32_t first = finding.subject;
  uint32_t second = finding.object.value_or(UINT32_MAX);
  if (symmetric && finding.object && second < first) std::swap(first, second);
  std::string keys;
  for (const std::string& key :
       info == nullptr ? std::vector<std::string>{} : info->key_qualifiers) {
    const auto found = finding.qualifiers.find(key);
    if (found != finding.qualifiers.end()) absl::StrAppend(&keys, FormatValue(found->second), "|");
  }
  return std::make_tuple(finding.relation, first, second,
                         finding.value ? FormatQuantity(*finding.value) : std::string(),
                         finding.modality == Modality::kDenied, keys);
}

// Keeps the surest telling of each fact, with the time and the figures that any telling gives.
std::vector<Finding> Merge(std::vector<Finding> findings, const Vocabulary& vocabulary) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return a.evidence.fit > b.evidence.fit;
  });
  std::map<decltype(KeyOf(findings.front(), vocabulary)), size_t> places;
  std::vector<Finding> merged;
  for (Finding& finding : findings) {
    const auto [it, inserted] = places.try_emplace(KeyOf(finding, vocabulary), merged.size());
    if (inserted) {
      merged.push_back(std::move(finding));
      continue;
    }
    Finding& kept = merged[it->second];
    if (kept.time == nullptr) kept.time = finding.time;
    kept.evidence.repeated |= kept.sentence != finding.sentence;
    kept.qualifiers.insert(finding.qualifiers.begin(), finding.qualifiers.end());
  }
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Finding& a, const Finding& b) { return a.sentence < b.sentence; });
  return merged;
}

EntityName NameOf(const NamedEntity& entity) {
  EntityName name;
  name.name = entity.name;
  name.label = std::string(EntityLabel(entity.type));
  for (const std::string& form : entity.forms) {
    if (form != entity.name) name.aliases.push_back(form);
  }
  return name;
}

ExtractedFact ToFact(const Finding& finding, const Analysis& analysis, double confidence_min) {
  ExtractedFact fact;
  fact.rule = finding.rule;
  const double confidence = ConfidenceOf(finding.evidence);
  fact.fit = finding.evidence.fit;
  fact.kept = confidence >= confidence_min;
  Statement& statement = fact.statement;
  statement.subject = NameOf(analysis.names.entities[finding.subject]);
  statement.relation = finding.relation;
  if (finding.object) {
    statement.object = NameOf(analysis.names.entities[*finding.object]);
  } else if (finding.value) {
    statement.object = Value(*finding.value);
  } else {
    statement.object = Value(true);
  }
  if (finding.time != nullptr) statement.valid = finding.time->period;
  statement.qualifiers = finding.qualifiers;
  statement.modality = finding.modality;
  statement.confidence = confidence;
  statement.extractor = absl::StrCat("fasti:", finding.rule);
  statement.span = analysis.document->sentences[finding.sentence].span;
  return fact;
}

class CascadeExtractor : public Extractor {
 public:
  static absl::StatusOr<std::unique_ptr<Extractor>> Load(const ExtractorOptions& options) {
    std::unique_ptr<CascadeExtractor> extractor(new CascadeExtractor(options));
    FASTI_ASSIGN_OR_RETURN(extractor->resources_, Resources::Load(options.lang_folder));
    FASTI_ASSIGN_OR_RETURN(extractor->vocabulary_, Vocabulary::Create(extractor->resources_));
    for (const RelationInfo& info : extractor->vocabulary_.relations) {
      extractor->kinds_.emplace(info.name, info.kind);
    }
    const std::vector<std::string> languages =
        options.languages.empty() ? extractor->resources_.languages() : options.languages;
    for (const std::string& language : languages) {
      if (!extractor->resources_.HasLanguage(language)) {
        return absl::InvalidArgumentError(
            absl::StrCat("language '", language, "': there are no files of it; there are: ",
                         absl::StrJoin(extractor->resources_.languages(), ", ")));
      }
      extractor->packs_[language] = std::make_unique<LazyPack>();
    }
    if (options.check_examples) {
      for (const std::string& language : languages) {
        FASTI_RETURN_IF_ERROR(extractor->CheckExamples(language));
      }
    }
    return std::unique_ptr<Extractor>(std::move(extractor));
  }

  absl::StatusOr<Extraction> Extract(const Article& article) const override {
    FASTI_ASSIGN_OR_RETURN(
        const std::string language,
        LanguageOf(article.text, {article.metadata.language, article.body_begin}, resources_));
    FASTI_ASSIGN_OR_RETURN(const LanguagePack* const found, Pack(language));
    const LanguagePack& pack = *found;
    FASTI_ASSIGN_OR_RETURN(const Document document,
                           pack.reader.Read(article.text, article.body_begin));
    std::optional<Period> published = article.metadata.published;
    if (!published) published = FindDateline(document, pack.times);
    const std::optional<Period>& reported = published ? published : article.metadata.report_date;
    const Analysis analysis = Analyse(pack, document, reported);
    const std::vector<Finding> findings = Merge(ReadSentences(pack, analysis), vocabulary_);

    Extraction extraction;
    extraction.language = document.language;
    Source& source = extraction.report.source;
    source.key = article.metadata.url;
    source.title = article.metadata.title;
    if (source.title.empty() && document.title) {
      source.title = std::string(document.TextOf(document.sentences[*document.title].tokens));
    }
    source.publisher = article.metadata.publisher;
    source.language = document.language;
    source.published = published;
    source.report_date = article.metadata.report_date;
    source.text = article.text;
    for (const Finding& finding : findings) {
      ExtractedFact fact = ToFact(finding, analysis, options_.confidence_min);
      if (fact.statement.confidence < kConfidenceTold) continue;
      if (fact.kept) extraction.report.statements.push_back(fact.statement);
      extraction.facts.push_back(std::move(fact));
    }
    return extraction;
  }

 private:
  // A language whose files are read when it is first met.
  struct LazyPack {
    absl::once_flag once;
    absl::Status status;
    std::unique_ptr<const LanguagePack> pack;
  };

  explicit CascadeExtractor(const ExtractorOptions& options) : options_(options) {}

  absl::StatusOr<const LanguagePack*> Pack(absl::string_view language) const {
    const auto found = packs_.find(language);
    if (found == packs_.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("its language, ", language, ", is not among those that are read"));
    }
    LazyPack& lazy = *found->second;
    absl::call_once(lazy.once, [&] {
      absl::StatusOr<std::unique_ptr<LanguagePack>> pack =
          LoadLanguage(resources_, language, kinds_);
      lazy.status = pack.status();
      if (pack.ok()) lazy.pack = *std::move(pack);
    });
    FASTI_RETURN_IF_ERROR(lazy.status);
    return lazy.pack.get();
  }

  absl::Status CheckExamples(const std::string& language) const {
    FASTI_ASSIGN_OR_RETURN(const LanguagePack* const pack, Pack(language));
    FASTI_ASSIGN_OR_RETURN(const std::vector<CheckedExample> examples,
                           RunFrameExamples(*this, pack->book.examples, language));
    std::vector<std::string> failures;
    for (const CheckedExample& example : examples) {
      if (example.failure.empty()) continue;
      failures.push_back(absl::StrCat(example.where, ": ", example.failure));
    }
    if (failures.empty()) return absl::OkStatus();
    const size_t count = failures.size();
    failures.resize(std::min(count, kFailuresShown));
    return absl::InvalidArgumentError(absl::StrCat(count, " examples of ", language, " fail:\n",
                                                   absl::StrJoin(failures, "\n"),
                                                   count > kFailuresShown ? "\n..." : ""));
  }

  const ExtractorOptions options_;
  Resources resources_;
  Vocabulary vocabulary_;
  FindingBuilder::Kinds kinds_;
  std::map<std::string, std::unique_ptr<LazyPack>, std::less<>> packs_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Extractor>> Extractor::Create(const ExtractorOptions& options) {
  return CascadeExtractor::Load(options);
}

absl::Status DeclareVocabulary(Database& database, absl::string_view lang_folder) {
  FASTI_ASSIGN_OR_RETURN(const Resources resources, Resources::Load(lang_folder));
  FASTI_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Create(resources));
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, database.Begin());
  for (const RelationInfo& info : vocabulary.relations) {
    FASTI_RETURN_IF_ERROR(transaction->DeclareRelation(info));
  }
  return transaction->Commit().status();
}

}  // namespace fasti::ingest
