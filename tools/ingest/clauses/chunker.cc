#include "tools/ingest/clauses/chunker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "tools/ingest/clauses/order.h"
#include "tools/ingest/clauses/sentence_tokens.h"
#include "tools/ingest/clauses/subject.h"
#include "tools/ingest/clauses/verb_reader.h"
#include "tools/ingest/names/shape.h"

namespace fasti::ingest {
namespace {

constexpr uint32_t kAdjectivesMax = 3;  // between an article and its noun
// Words between an article and its noun in "das 2009 in Kiel gegründete Unternehmen".
constexpr uint32_t kAttributeMax = 8;
constexpr uint32_t kComplementMax = 5;  // words of "di centri dati per l'intelligenza artificiale"

bool IsOneOf(absl::string_view text, std::initializer_list<absl::string_view> marks) {
  return std::find(marks.begin(), marks.end(), text) != marks.end();
}

}  // namespace

bool Unit::Is(ClassId id) const {
  if (id == kNoClass) return false;
  return std::any_of(senses.begin(), senses.end(),
                     [&](const Sense& sense) { return sense.word_class == id; });
}

CoreClasses::CoreClasses(const Lexicon& lexicon)
    : be(lexicon.ClassOf("be")),
      have(lexicon.ClassOf("have")),
      modal(lexicon.ClassOf("modal")),
      control(lexicon.ClassOf("control")),
      say(lexicon.ClassOf("say")),
      announce(lexicon.ClassOf("announce")),
      value(lexicon.ClassOf("value")),
      allow(lexicon.ClassOf("allow")),
      negation(lexicon.ClassOf("negation")),
      adverb(lexicon.ClassOf("adverb")),
      reflexive(lexicon.ClassOf("reflexive")),
      clitic(lexicon.ClassOf("clitic")),
      link(lexicon.ClassOf("link")),
      without(lexicon.ClassOf("without")),
      definite(lexicon.ClassOf("definite")),
      indefinite(lexicon.ClassOf("indefinite")),
      possessive(lexicon.ClassOf("possessive")),
      adjective(lexicon.ClassOf("adjective")),
      preposition(lexicon.ClassOf("preposition")),
      head(lexicon.ClassOf("head")),
      heads(lexicon.ClassOf("heads")),
      generic(lexicon.ClassOf("generic")),
      generic_product(lexicon.ClassOf("generic_product")),
      as(lexicon.ClassOf("as")),
      two(lexicon.ClassOf("two")),
      pronoun(lexicon.ClassOf("pronoun")),
      role(lexicon.ClassOf("role")),
      of(lexicon.ClassOf("of")),
      genitive(lexicon.ClassOf("genitive")),
      per_share(lexicon.ClassOf("per_share")),
      versus(lexicon.ClassOf("versus")),
      superlative(lexicon.ClassOf("superlative")),
      legal(lexicon.ClassOf("legal")),
      origin(lexicon.ClassOf("origin")),
      any_company(lexicon.ClassOf("any_company")),
      newcomer(lexicon.ClassOf("newcomer")),
      former(lexicon.ClassOf("former")),
      attribution(lexicon.ClassOf("attribution")),
      with(lexicon.ClassOf("with")),
      apart(lexicon.ClassOf("apart")),
      complement(lexicon.ClassOf("complement")),
      conjunction(lexicon.ClassOf("conjunction")),
      relative(lexicon.ClassOf("relative")),
      subordinator(lexicon.ClassOf("subordinator")) {}

Chunker::Chunker(const Lexicon& lexicon)
    : lexicon_(lexicon), classes_(lexicon), splits_verbs_(SplitsVerbs(lexicon)) {}

// One sentence being cut.
class Chunker::Run {
 public:
  Run(const Lexicon& lexicon, const CoreClasses& classes, bool splits_verbs,
      const Analysis& analysis, uint32_t sentence)
      : lexicon_(lexicon),
        classes_(classes),
        splits_verbs_(splits_verbs),
        genitive_ending_(lexicon.ClassOf("genitive_ending")),
        analysis_(analysis),
        range_(analysis.document->sentences[sentence].tokens),
        tokens_(analysis, range_),
        verbs_(tokens_, lexicon, classes, splits_verbs) {
    result_.sentence = sentence;
    const auto starts_before = [](const auto& span, uint32_t begin) {
      return span.tokens.begin < begin;
    };
    mention_ = std::lower_bound(analysis.names.mentions.begin(), analysis.names.mentions.end(),
                                range_.begin, starts_before);
    time_ =
        std::lower_bound(analysis.times.begin(), analysis.times.end(), range_.begin, starts_before);
    figure_ = std::lower_bound(analysis.quantities.begin(), analysis.quantities.end(), range_.begin,
                               starts_before);
    result_.units.reserve(range_.size());
    tokens_.MarkFixed(mention_, analysis.names.mentions.end());
    tokens_.MarkFixed(time_, analysis.times.end());
    tokens_.MarkFixed(figure_, analysis.quantities.end());
  }

  Clauses Cut() {
    uint32_t at = range_.begin;
    while (at < range_.end) at = CutOne(at);
    PairDashes();
    MarkQuotes();
    MarkModifiers();
    if (splits_verbs_) OrderClauses(analysis_, lexicon_, classes_, result_);
    ResolveAppositions();
    MarkLists(result_, classes_);
    return std::move(result_);
  }

 private:
  bool IsFixed(uint32_t token) const { return tokens_.IsFixed(token); }
  bool Has(uint32_t token, ClassId id) const { return tokens_.Has(token, id); }
  const Token& At(uint32_t token) const { return tokens_.At(token); }

  // Appends the unit that begins at `at` and returns where the next one begins.
  uint32_t CutOne(uint32_t at) {
    while (mention_ != analysis_.names.mentions.end() && mention_->tokens.begin < at) ++mention_;
    while (time_ != analysis_.times.end() && time_->tokens.begin < at) ++time_;
    while (figure_ != analysis_.quantities.end() && figure_->tokens.begin < at) ++figure_;
    Unit unit;
    if (mention_ != analysis_.names.mentions.end() && mention_->tokens.begin == at) {
      unit.kind = Unit::Kind::kReference;
      unit.tokens = mention_->tokens;
      unit.entities = {mention_->entity};
      unit.type = analysis_.names.entities[mention_->entity].type;
    } else if (time_ != analysis_.times.end() && time_->tokens.begin == at) {
      unit.kind = Unit::Kind::kTime;
      unit.tokens = time_->tokens;
      unit.time = &*time_;
    } else if (figure_ != analysis_.quantities.end() && figure_->tokens.begin == at) {
      unit.kind = Unit::Kind::kFigure;
      unit.tokens = figure_->tokens;
      unit.figure = &*figure_;
    } else if (At(at).kind == TokenKind::kPunctuation || At(at).kind == TokenKind::kSymbol) {
      if (!CutMark(at, unit)) return at + 1;
    } else if (!verbs_.Read(at, result_.units.empty() ? nullptr : &result_.units.back(), unit)) {
      CutWord(at, unit);
    }
    uint32_t end = std::max(unit.tokens.end, at + 1);
    if (unit.is_reference() && unit.reference == Reference::kName) end = AfterLegal(end);
    const bool owns = unit.is_reference() && unit.reference == Reference::kName && Owns(unit);
    result_.units.push_back(std::move(unit));
    if (owns) AddGenitive(end);
    return end;
  }

  // The place after " Inc.", ", S.p.A." that follows a name, which is no part of the sentence.
  uint32_t AfterLegal(uint32_t at) const {
    const uint32_t form = at < range_.end && At(at).lower == "," ? at + 1 : at;
    if (!Has(form, classes_.legal) || !At(form).capitalized || IsFixed(form)) return at;
    const uint32_t after = form + tokens_.LengthOf(form, classes_.legal);
    return after < range_.end && Shortens(after) ? after + 1 : after;
  }

  // "Alvenas Umsatz", "Alvena-Chef": a name whose ending or hyphen makes it the owner of the noun
  // after it, in languages that have such endings.
  bool Owns(const Unit& name) const {
    if (genitive_ending_ == kNoClass || name.tokens.end + 1 >= range_.end) return false;
    const Token& next = At(name.tokens.end);
    if (next.lower == "-" && next.glued && At(name.tokens.end + 1).glued) return true;
    const std::string& last = At(name.tokens.end - 1).lower;
    const absl::string_view ending = absl::string_view(last).substr(last.size() - 1);
    const Senses senses = lexicon_.Find(absl::MakeConstSpan(&ending, 1));
    if (std::none_of(senses.begin(), senses.end(),
                     [&](const Sense& sense) { return sense.word_class == genitive_ending_; })) {
      return false;
    }
    const absl::string_view text = analysis_.document->TextOf(name.tokens);
    const std::vector<std::string>& forms = analysis_.names.entities[name.entities.front()].forms;
    return std::find(forms.begin(), forms.end(), text.substr(0, text.size() - 1)) != forms.end();
  }

  void AddGenitive(uint32_t at) {
    Unit unit;
    unit.kind = Unit::Kind::kWord;
    unit.tokens = {at - 1, at};
    Sense sense;
    sense.word_class = classes_.genitive;
    unit.senses = {sense};
    result_.units.push_back(std::move(unit));
  }

  // The period of "Alvena Inc. has", which ends no sentence.
  bool Shortens(uint32_t period) const {
    if (At(period).lower != "." || !At(period).glued || period + 1 >= range_.end) return false;
    const Token& next = At(period + 1);
    return next.kind == TokenKind::kWord || IsOneOf(next.lower, {",", ")"});
  }

  // False for marks that separate nothing: quotes, hyphens within words.
  bool CutMark(uint32_t at, Unit& unit) const {
    const absl::string_view mark = At(at).lower;
    if (Shortens(at)) return false;
    if (mark == ",") {
      unit.kind = Unit::Kind::kComma;
    } else if (IsOneOf(mark, {"(", "["})) {
      unit.kind = Unit::Kind::kOpen;
    } else if (IsOneOf(mark, {")", "]"})) {
      unit.kind = Unit::Kind::kClose;
    } else if (IsOneOf(mark, {".", ";", ":", "!", "?", "…", "—", "–"}) ||
               (mark == "-" && !At(at).glued)) {
      unit.kind = Unit::Kind::kBreak;
    } else {
      return false;
    }
    unit.tokens = {at, at + 1};
    return true;
  }

  void CutWord(uint32_t at, Unit& unit) {
    unit.kind = Unit::Kind::kWord;
    unit.tokens = {at, at + 1};
    for (const Sense& sense : analysis_.senses[at]) {
      if (sense.form != VerbForm::kNotVerb) continue;
      if (!unit.senses.empty() && sense.length < unit.senses.front().length) break;
      if (sense.length > 1 && CoversFixed(at, at + sense.length)) continue;
      unit.senses.push_back(sense);
      unit.tokens.end = at + sense.length;
    }
    ReadAsReference(unit);
    if (HasHead(at)) MarkAttribute(at);
  }

  bool CoversFixed(uint32_t begin, uint32_t end) const {
    for (uint32_t i = begin; i < end; ++i) {
      if (IsFixed(i)) return true;
    }
    return false;
  }

  // Nouns that may stand for an entity.
  void ReadAsReference(Unit& unit) const {
    // A kind of thing ("stabilimento") rather than a noun for one that was named.
    std::stable_partition(unit.senses.begin(), unit.senses.end(), [&](const Sense& sense) {
      return sense.word_class == classes_.generic || sense.word_class == classes_.generic_product;
    });
    for (const Sense& sense : unit.senses) {
      if (sense.word_class == classes_.pronoun) {
        unit.reference = Reference::kPronoun;
        if (sense.canonical >= 0) {
          unit.type = EntityTypeFromName(lexicon_.Canonical(sense.canonical))
                          .value_or(EntityType::kUnknown);
        }
      } else if (sense.word_class == classes_.generic ||
                 sense.word_class == classes_.generic_product) {
        unit.reference = Reference::kGeneric;
        unit.entities = {analysis_.generics.at(sense.canonical)};
        unit.type = analysis_.names.entities[unit.entities.front()].type;
      } else if (sense.word_class == classes_.head || sense.word_class == classes_.heads) {
        if (AnnouncesName(unit.tokens.end)) return;
        // "the chip designer": a noun before another one says of which kind that is.
        if (!splits_verbs_ && HasHead(unit.tokens.end)) return;
        if (sense.canonical >= 0) {
          const auto type = EntityTypeFromName(lexicon_.Canonical(sense.canonical));
          if (type) unit.type = *type;
        }
        const bool plural = sense.word_class == classes_.heads;
        if (plural && !IsPair(unit.tokens.begin)) continue;
        unit.reference = plural ? Reference::kPlural : Definiteness(unit.tokens.begin);
      } else {
        continue;
      }
      unit.kind = Unit::Kind::kReference;
      return;
    }
  }

  bool HasHead(uint32_t token) const {
    return Has(token, classes_.head) || Has(token, classes_.heads);
  }

  // "la start-up francese Lumera AI", "il produttore di chip Lumera": the noun is part of what
  // names Lumera.
  bool AnnouncesName(uint32_t at) const {
    const bool complement =
        Has(at, classes_.complement) && !IsFixed(at) && at + 1 < range_.end && !IsFixed(at + 1);
    if (complement) ++at;
    const uint32_t words_max = complement ? kComplementMax : kAdjectivesMax;
    for (uint32_t step = 0; step < words_max && at < range_.end; ++step, ++at) {
      while (at < range_.end && IsOneOf(At(at).lower, {"\"", "“", "«"})) ++at;
      if (at >= range_.end) return false;
      if (IsFixed(at)) {
        return std::any_of(mention_, analysis_.names.mentions.end(),
                           [&](const Mention& mention) { return mention.tokens.begin == at; });
      }
      const bool filler = At(at).kind == TokenKind::kWord &&
                          (analysis_.senses[at].empty() || Has(at, classes_.adjective) ||
                           (complement && IsPlainNoun(at)));
      if (!filler) return false;
    }
    return false;
  }

  // Whether the word is known as nothing that would end a noun phrase.
  bool IsPlainNoun(uint32_t at) const {
    const Senses& senses = analysis_.senses[at];
    return std::none_of(senses.begin(), senses.end(), [&](const Sense& sense) {
      return sense.form != VerbForm::kNotVerb || sense.word_class == classes_.preposition ||
             sense.word_class == classes_.definite || sense.word_class == classes_.conjunction ||
             sense.word_class == classes_.role || sense.word_class == classes_.relative;
    });
  }

  Reference Definiteness(uint32_t noun) const {
    // "Der Quantencomputer-Entwickler": the article stands before the compound.
    if (splits_verbs_ && noun >= range_.begin + 2 && At(noun - 1).lower == "-" &&
        At(noun - 1).glued) {
      noun -= 2;
    }
    uint32_t at = noun;
    bool outstanding = false;
    for (uint32_t step = 0; step <= kAdjectivesMax && at > range_.begin; ++step) {
      --at;
      if (Has(at, classes_.definite)) return Reference::kDefinite;
      // "Europe's largest carrier": there is only one.
      if (outstanding && Has(at, classes_.genitive)) return Reference::kDefinite;
      if (const uint32_t first = CompoundAdjective(at); first < at) {
        outstanding |= Has(at, classes_.superlative);
        at = first;
        continue;
      }
      outstanding |= Has(at, classes_.superlative);
      const bool filler = At(at).kind == TokenKind::kWord && !IsFixed(at) &&
                          (analysis_.senses[at].empty() || Has(at, classes_.adjective) ||
                           Has(at, classes_.superlative));
      if (!filler) break;
    }
    return LongAttribute(noun) ? Reference::kDefinite : Reference::kIndefinite;
  }

  // "Das 2009 gegründete Unternehmen", "das im MDax notierte Unternehmen": what tells more of the
  // noun stands between it and its article.  Nothing of another organization: "die von Alvena
  // übernommene Firma".
  // Returns the place after the article.
  std::optional<uint32_t> LongAttribute(uint32_t noun) const {
    if (!splits_verbs_ || noun < range_.begin + 3 || IsFixed(noun - 1) ||
        At(noun - 1).kind != TokenKind::kWord || At(noun - 1).capitalized) {
      return std::nullopt;
    }
    for (uint32_t at = noun - 1; at-- > range_.begin && noun - at <= kAttributeMax;) {
      if (At(at).kind == TokenKind::kPunctuation && At(at).lower != "-") break;
      if (NamesOrganization(at)) break;
      if (!Has(at, classes_.definite)) continue;
      const bool is_long = IsFixed(at + 1) || Has(at + 1, classes_.preposition);
      return is_long ? std::optional<uint32_t>(at + 1) : std::nullopt;
    }
    return std::nullopt;
  }

  void MarkAttribute(uint32_t noun) {
    const std::optional<uint32_t> begin = LongAttribute(noun);
    if (!begin) return;
    for (size_t i = result_.units.size(); i-- > 0;) {
      if (result_.units[i].tokens.begin < *begin) break;
      result_.units[i].attribute = true;
    }
  }

  bool NamesOrganization(uint32_t token) const {
    if (!IsFixed(token)) return false;
    const std::vector<Mention>& mentions = analysis_.names.mentions;
    return std::any_of(mentions.begin(), mentions.end(), [&](const Mention& mention) {
      const EntityType type = analysis_.names.entities[mention.entity].type;
      return mention.tokens.begin <= token && token < mention.tokens.end &&
             type != EntityType::kPlace && type != EntityType::kPerson;
    });
  }

  // Where "San Carrow-based", "second-largest", "loss-making" begins that ends at `last`, or
  // `last`.
  uint32_t CompoundAdjective(uint32_t last) const {
    if (splits_verbs_ || last < range_.begin + 2 || At(last).kind != TokenKind::kWord) return last;
    if (IsFixed(last) || !At(last).glued || At(last - 1).lower != "-" || !At(last - 1).glued) {
      return last;
    }
    uint32_t first = last - 2;
    while (first > range_.begin && IsFixed(first) && IsFixed(first - 1)) --first;
    return first;
  }

  bool IsPair(uint32_t noun) const { return noun > range_.begin && Has(noun - 1, classes_.two); }

  // "Arvane - controllata da Océor - ha ...": two dashes enclose.
  void PairDashes() {
    std::vector<size_t> dashes;
    for (size_t i = 0; i < result_.units.size(); ++i) {
      const Unit& unit = result_.units[i];
      if (unit.kind == Unit::Kind::kBreak &&
          IsOneOf(At(unit.tokens.begin).lower, {"-", "–", "—"})) {
        dashes.push_back(i);
      }
    }
    if (dashes.size() != 2) return;
    result_.units[dashes[0]].kind = Unit::Kind::kOpen;
    result_.units[dashes[1]].kind = Unit::Kind::kClose;
  }

  // What stands between quotation marks and has a verb; a mere name in quotes is none.  A mark that
  // only ever closes ends a quotation that an earlier sentence opened.
  void MarkQuotes() {
    std::vector<uint32_t> marks;
    for (uint32_t i = range_.begin; i < range_.end; ++i) {
      if (IsOneOf(At(i).lower, {"\"", "“", "”", "„", "«", "»"})) marks.push_back(i);
    }
    if (marks.size() % 2 != 0) {
      if (marks.size() > 1 || At(marks[0]).lower != "”") return;
      marks.insert(marks.begin(), range_.begin);
    }
    std::vector<Unit>& units = result_.units;
    for (size_t i = 0; i < marks.size(); i += 2) {
      const auto inside = [&](const Unit& unit) {
        return marks[i] <= unit.tokens.begin && unit.tokens.end <= marks[i + 1];
      };
      const bool clause = std::any_of(units.begin(), units.end(), [&](const Unit& unit) {
        return unit.kind == Unit::Kind::kVerb && inside(unit);
      });
      for (Unit& unit : units) unit.quoted |= clause && inside(unit);
    }
  }

  // "The Carrow-backed Alvena": a hyphen makes the name part of what is said of another.
  void MarkModifiers() {
    std::vector<Unit>& units = result_.units;
    for (size_t i = 0; i + 1 < units.size(); ++i) {
      const uint32_t hyphen = units[i].tokens.end;
      units[i].modifier =
          units[i].is_reference() && units[i].reference == Reference::kName &&
          units[i + 1].kind == Unit::Kind::kVerb && units[i + 1].voices != kActive &&
          units[i + 1].tokens.begin == hyphen + 1 && At(hyphen).lower == "-" && At(hyphen).glued;
      if (!units[i].modifier) continue;
      units[i + 1].voices = kBare;  // never what somebody else did to Alvena
      units[i + 1].verb.finite = false;
    }
  }

  // ---- Appositions: "Alvena, il colosso dei social media, ...", "il colosso dei chip, Carrow,
  // ...".

  void ResolveAppositions() {
    std::vector<Unit>& units = result_.units;
    for (size_t i = 0; i < units.size(); ++i) {
      Unit& noun = units[i];
      if (!noun.is_reference() ||
          (noun.reference != Reference::kDefinite && noun.reference != Reference::kIndefinite)) {
        continue;
      }
      const bool possessor = i + 1 < units.size() && units[i + 1].Is(classes_.genitive);
      if (const Unit* name = possessor || IsSubjectAfter(i) ? nullptr : NameBefore(i))
        noun.entities = name->entities;
    }
  }

  // "Secondo Reuters, il gruppo ha ...": a noun that a verb follows before any comma is its subject
  // and says nothing of the name before.
  bool IsSubjectAfter(size_t i) const {
    const std::vector<Unit>& units = result_.units;
    for (size_t k = i + 1; k < units.size() && !splits_verbs_; ++k) {
      if (units[k].kind == Unit::Kind::kVerb && units[k].verb.finite) return true;
      if (units[k].kind == Unit::Kind::kComma || units[k].kind == Unit::Kind::kOpen ||
          units[k].kind == Unit::Kind::kClose || units[k].kind == Unit::Kind::kBreak ||
          units[k].Is(classes_.relative)) {
        break;
      }
    }
    return false;
  }

  // The name that an apposition whose noun is units[i] follows: ", il" and adjectives in between.
  const Unit* NameBefore(size_t i) const {
    const std::vector<Unit>& units = result_.units;
    size_t k = i;
    const auto inside = [&](size_t at) {
      if (units[at].modifier || (at > 0 && units[at - 1].modifier)) return true;  // "Carrow-backed"
      return units[at].kind == Unit::Kind::kWord && !units[at].Is(classes_.preposition) &&
             !units[at].Is(classes_.conjunction);
    };
    while (k > 0 && i - k < kAdjectivesMax + 2 && inside(k - 1)) --k;
    if (k < 2 || units[k - 1].kind != Unit::Kind::kComma) return nullptr;
    const Unit& name = units[k - 2];
    const bool fits =
        name.is_reference() && name.reference == Reference::kName &&
        (name.type == units[i].type || name.type == EntityType::kUnknown ||
         (name.type == EntityType::kUnit && units[i].type == EntityType::kOrganization));
    return fits ? &name : nullptr;
  }

  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const bool splits_verbs_;
  const ClassId genitive_ending_;
  const Analysis& analysis_;
  const TokenRange range_;
  SentenceTokens tokens_;
  const VerbReader verbs_;
  std::vector<Mention>::const_iterator mention_;
  std::vector<TimeSpan>::const_iterator time_;
  std::vector<QuantitySpan>::const_iterator figure_;
  Clauses result_;
};

Clauses Chunker::Cut(const Analysis& analysis, uint32_t sentence) const {
  return Run(lexicon_, classes_, splits_verbs_, analysis, sentence).Cut();
}

}  // namespace fasti::ingest
