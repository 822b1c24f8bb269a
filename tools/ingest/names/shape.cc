#include "tools/ingest/names/shape.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "tools/ingest/names/nouns.h"

namespace fasti::ingest {
namespace {

// A heading of which so many words are capitalized tells nothing by its capitals.
constexpr double kTitleCaseShare = 0.7;
constexpr size_t kTitleCaseWordsMin = 4;
constexpr size_t kTitleCaseLettersMin = 4;  // shorter words are often left small
// What is longer is no name, but text in capitals; it is cut into names of this length.
constexpr uint32_t kNameTokensMax = 16;
constexpr uint32_t kHyphenatedMax = 3;  // small words within "Ponte-de-la-Loire"
constexpr size_t kSyllableMax = 5;      // bytes of half a given name: "Ji-won"
constexpr size_t kShortenedMax = 3;     // bytes of a word before its period: "St. Louis"
constexpr size_t kConnectorMax = 3;     // bytes of a small word within a listed name: "de"
constexpr uint32_t kDatelineTokensMax = 16;
// After these a sentence begins anew.
constexpr absl::string_view kOpenings[] = {":", "|", "•", "·"};

class RunFinder {
 public:
  RunFinder(const Document& document, const SenseTable& senses, const std::vector<bool>& taken,
            const Lexicon& lexicon, const Gazetteer& gazetteer)
      : document_(document),
        senses_(senses),
        taken_(taken),
        capitalizes_nouns_(CapitalizesNouns(lexicon)),
        common_(FindCommonNouns(document, senses, taken, lexicon, gazetteer)),
        gazetteer_(gazetteer),
        role_(lexicon.ClassOf("role")),
        not_name_(lexicon.ClassOf("not_name")),
        name_suffix_(lexicon.ClassOf("name_suffix")),
        name_head_(lexicon.ClassOf("name_head")),
        name_connector_(lexicon.ClassOf("name_connector")),
        name_particle_(lexicon.ClassOf("name_particle")),
        head_(lexicon.ClassOf("head")),
        genitive_(lexicon.ClassOf("genitive")),
        conjunction_(lexicon.ClassOf("conjunction")),
        indefinite_(lexicon.ClassOf("indefinite")),
        negation_(lexicon.ClassOf("negation")),
        reflexive_(lexicon.ClassOf("reflexive")),
        legal_(lexicon.ClassOf("legal")),
        based_(lexicon.ClassOf("based")),
        relative_(lexicon.ClassOf("relative")),
        family_(lexicon.ClassOf("family")),
        former_(lexicon.ClassOf("former")),
        aside_(lexicon.ClassOf("aside")),
        definite_(lexicon.ClassOf("definite")),
        possessive_(lexicon.ClassOf("possessive")),
        say_(lexicon.ClassOf("say")),
        in_(lexicon.ClassOf("in")),
        preposition_(lexicon.ClassOf("preposition")),
        small_{lexicon.ClassOf("definite"),   indefinite_, lexicon.ClassOf("pronoun"), preposition_,
               lexicon.ClassOf("possessive"), conjunction_} {}

  std::vector<NameRun> Run() {
    MarkRoles();
    for (const Token& token : document_.tokens) {
      if (token.kind == TokenKind::kWord && !token.capitalized) lower_words_.insert(token.lower);
    }
    for (const Sentence& sentence : document_.sentences) {
      if (sentence.is_heading && IsTitleCase(sentence)) {
        title_case_.push_back(sentence.tokens);
      } else {
        CollectRuns(sentence.tokens);
      }
    }
    IndexEnds();
    DecideInitials();
    SplitRuns();
    TakeGenitives();
    for (TokenRange tokens : title_case_) CollectKnown(tokens);
    std::sort(runs_.begin(), runs_.end(), [](const Candidate& a, const Candidate& b) {
      return a.run.tokens.begin < b.run.tokens.begin;
    });
    std::vector<NameRun> result;
    for (const Candidate& candidate : runs_) {
      if (!candidate.run.tokens.empty()) result.push_back(candidate.run);
    }
    return result;
  }

 private:
  struct Candidate {
    NameRun run;
    bool initial = false;  // its first word begins a sentence
  };

  const Token& At(uint32_t i) const { return document_.tokens[i]; }
  bool Has(uint32_t i, ClassId id) const { return HasSense(senses_, i, id); }

  bool IsTitleCase(const Sentence& sentence) const {
    size_t words = 0;
    size_t capitalized = 0;
    for (uint32_t i = sentence.tokens.begin; i < sentence.tokens.end; ++i) {
      if (At(i).kind != TokenKind::kWord || At(i).lower.size() < kTitleCaseLettersMin) continue;
      ++words;
      capitalized += At(i).capitalized;
    }
    return words >= kTitleCaseWordsMin && capitalized >= kTitleCaseShare * words;
  }

  // "Alvena", "iZeta", "eLumo", "reTarrant".
  bool IsNameWord(uint32_t i) const {
    const Token& token = At(i);
    if (token.kind != TokenKind::kWord || taken_[i]) return false;
    if (token.capitalized) return true;
    const absl::string_view text = document_.TextOf(token);
    if (text.size() < 3 || !absl::ascii_islower(static_cast<unsigned char>(text[0]))) return false;
    if (absl::ascii_isupper(static_cast<unsigned char>(text[1]))) return true;
    for (size_t k = 2; k + 1 < text.size(); ++k) {
      if (absl::ascii_isupper(static_cast<unsigned char>(text[k])) &&
          absl::ascii_islower(static_cast<unsigned char>(text[k + 1]))) {
        return true;
      }
    }
    return false;
  }

  // Titles of people, and words that are capitalized without naming anything.
  bool IsBarrier(uint32_t i) const {
    return common_[i] || ((in_role_[i] || Has(i, not_name_)) && !Has(i, name_suffix_));
  }

  // All words of "Vice Direttore Generale".
  void MarkRoles() {
    in_role_.assign(senses_.size(), false);
    for (size_t i = 0; i < senses_.size(); ++i) {
      for (const Sense& sense : senses_[i]) {
        if (sense.word_class != role_) continue;
        for (size_t k = i; k < i + sense.length; ++k) in_role_[k] = true;
      }
    }
  }

  // "Gruppo Ferrovie" names what "Ferrovie" names.
  TokenRange WithoutHead(TokenRange tokens) const {
    while (tokens.size() > 1 && Has(tokens.begin, head_) && !Has(tokens.begin, name_head_) &&
           At(tokens.begin + 1).kind == TokenKind::kWord &&  // "Île-de-France"
           !gazetteer_.IsFirstName(document_.TextOf(At(tokens.begin)))) {
      ++tokens.begin;
    }
    return tokens;
  }

  bool BeginsSentence(uint32_t i, TokenRange sentence) const {
    for (uint32_t k = i; k > sentence.begin; --k) {
      const Token& before = At(k - 1);
      if (before.kind == TokenKind::kWord || before.kind == TokenKind::kNumber) return false;
      if (std::find(std::begin(kOpenings), std::end(kOpenings), before.lower) !=
          std::end(kOpenings)) {
        return true;
      }
      if (EndsDateline(k - 1, sentence)) return true;
    }
    return true;
  }

  // "CARROW, 3 May (Agency) - ...": the dash before the first sentence of an article.
  bool EndsDateline(uint32_t dash, TokenRange sentence) const {
    const absl::string_view mark = At(dash).lower;
    if (mark != "—" && mark != "–" && mark != "-") return false;
    if (At(dash).glued || dash - sentence.begin > kDatelineTokensMax) return false;
    for (uint32_t i = sentence.begin; i < dash; ++i) {
      if (BeginsVerb(i)) return false;
    }
    return true;
  }

  // A word that names nothing by itself: "We", "Il", "Larger".
  bool IsSmallWord(uint32_t i) const {
    const absl::string_view text = document_.TextOf(At(i));
    if (gazetteer_.Find(text) != nullptr || IsAcronym(i)) return false;
    return gazetteer_.IsSmallWord(text) ||
           std::any_of(small_.begin(), small_.end(), [&](ClassId id) { return Has(i, id); });
  }

  bool IsAcronym(uint32_t i) const {
    const absl::string_view text = document_.TextOf(At(i));
    return text.size() > 1 && std::all_of(text.begin(), text.end(), absl::ascii_isupper);
  }

  // "(NSP) - Carrow, 18 February - ...": the place after the agency in parentheses that opens a
  // dateline, else where the sentence begins.
  uint32_t AfterAgency(TokenRange sentence) const {
    if (sentence.size() < 3 || At(sentence.begin).lower != "(") return sentence.begin;
    const uint32_t limit = std::min(sentence.end, sentence.begin + kDatelineTokensMax);
    for (uint32_t i = sentence.begin; i + 1 < limit; ++i) {
      if (At(i).lower == ")") return EndsDateline(i + 1, sentence) ? i + 1 : sentence.begin;
    }
    return sentence.begin;
  }

  void CollectRuns(TokenRange sentence) {
    uint32_t i = AfterAgency(sentence);
    while (i < sentence.end) {
      if (!IsNameWord(i) || IsBarrier(i)) {
        ++i;
        continue;
      }
      const uint32_t end = RunEnd(i, sentence.end);
      Add(i, end, sentence);
      i = end;
    }
  }

  // The end of the run that begins at `begin`.
  uint32_t RunEnd(uint32_t begin, uint32_t limit) const {
    uint32_t end = begin + 1;
    limit = std::min(limit, begin + kNameTokensMax);
    while (end < limit) {
      const Token& token = At(end);
      if (taken_[end]) break;
      if (IsNameWord(end) && !IsBarrier(end)) {
        ++end;
      } else if (token.kind == TokenKind::kNumber && document_.TextOf(token).size() <= 4 &&
                 !CountsNoun(end, limit)) {
        ++end;  // "Zeta 4", "Zeta 4 Max"
        if (end >= limit || !IsNameWord(end) || IsBarrier(end)) break;
      } else if (const uint32_t more = AfterJoint(begin, end, limit); more > end) {
        end = more;
      } else {
        break;
      }
    }
    return end;
  }

  // "Boreal 20 Lokomotiven": where nouns are capitalized, a number before one belongs to it.
  bool CountsNoun(uint32_t number, uint32_t limit) const {
    return capitalizes_nouns_ && number + 1 < limit && common_[number + 1];
  }

  // "St. Louis", "George W. Bush": a period within a sentence that shortens a word.
  bool Shortens(uint32_t period) const {
    const Token& word = At(period - 1);
    return At(period).lower == "." && At(period).glued && word.capitalized &&
           word.lower.size() <= kShortenedMax && !IsAcronym(period - 1) &&
           !Has(period - 1, legal_) && !(word.glued && At(period - 2).kind == TokenKind::kNumber);
  }

  // The place after a joint and the word it joins: "-4.5", "& Tarrant", "of America", "der Heide",
  // ". Louis".
  uint32_t AfterJoint(uint32_t begin, uint32_t at, uint32_t limit) const {
    const Token& joint = At(at);
    if (at + 1 >= limit || taken_[at + 1]) return at;
    const Token& next = At(at + 1);
    if (joint.lower == "-") {
      const bool tight = joint.glued && next.glued;
      if (const uint32_t after = AfterHyphens(at, limit); after > at) return after;
      const bool fits =
          next.kind == TokenKind::kNumber || IsNameWord(at + 1) || IsSyllable(begin, at);
      return tight && fits && !IsBarrier(at + 1) ? at + 2 : at;
    }
    if (joint.lower == "&") return IsNameWord(at + 1) ? at + 2 : at;
    if (Shortens(at)) return IsNameWord(at + 1) && !IsBarrier(at + 1) ? at + 2 : at;
    uint32_t after = at;
    bool headed = false;  // "Technical University of Carrow"
    for (uint32_t i = begin; i < at; ++i) headed |= Has(i, name_head_);
    if (headed) {
      while (after < limit && Has(after, name_connector_)) ++after;
    } else if (gazetteer_.IsFirstName(document_.TextOf(At(begin)))) {
      while (after < limit && Has(after, name_particle_)) ++after;
    }
    const bool joins = after > at && after < limit && IsNameWord(after) && !IsBarrier(after);
    return joins ? after + 1 : AfterListed(begin, at, limit);
  }

  // "Santiago de Carrow": the place after a listed name that goes on after a small word.
  uint32_t AfterListed(uint32_t begin, uint32_t at, uint32_t limit) const {
    const bool goes_on = At(at).lower.size() <= kConnectorMax && at + 1 < limit &&
                         At(at + 1).capitalized && !taken_[at + 1];
    return goes_on && gazetteer_.Find(document_.TextOf(TokenRange{begin, at + 2})) ? at + 2 : at;
  }

  // "Park Ji-won": the second half of a given name that is written in two syllables.
  bool IsSyllable(uint32_t begin, uint32_t hyphen) const {
    const auto is_short = [&](uint32_t i) {
      return At(i).kind == TokenKind::kWord && At(i).lower.size() <= kSyllableMax;
    };
    const bool pair = hyphen == begin + 2 && is_short(hyphen - 1) && is_short(hyphen + 1);
    return pair && !IsAcronym(hyphen - 1) && !Has(hyphen + 1, based_);
  }

  // "Valle-sur-Loire", "Ponte-de-la-Loire": hyphens join small words to a name; the place after
  // them.
  uint32_t AfterHyphens(uint32_t at, uint32_t limit) const {
    uint32_t i = at;
    for (uint32_t words = 0; words <= kHyphenatedMax; ++words, i += 2) {
      if (i + 1 >= limit || At(i).lower != "-" || !At(i).glued || !At(i + 1).glued) return at;
      if (taken_[i + 1] || At(i + 1).kind != TokenKind::kWord) return at;
      if (At(i + 1).capitalized) return words > 0 && !IsBarrier(i + 1) ? i + 2 : at;
    }
    return at;
  }

  // "Alvena, Inc., has": a legal form that is shortened, but not "Boreal, SAS and Alvena".
  bool IsShortLegal(uint32_t i, TokenRange sentence) const {
    return Has(i, legal_) && i > sentence.begin && At(i - 1).lower == "," && i + 2 < sentence.end &&
           At(i + 1).lower == "." && At(i + 1).glued;
  }

  void Add(uint32_t begin, uint32_t end, TokenRange sentence) {
    Candidate candidate;
    candidate.initial = BeginsSentence(begin, sentence);
    if (const TokenRange core = WithoutHead({begin, end}); core.begin != begin) {
      begin = core.begin;
      candidate.initial = false;
    }
    if (end - begin == 1 && (Has(begin, name_suffix_) || IsShortLegal(begin, sentence))) return;
    if (end - begin == 1 && IsSmallWord(begin)) return;
    if (end - begin == 1 && document_.TextOf(At(begin)).size() == 1) return;  // "serie B"
    while (end - begin > 1 && Has(end - 1, legal_)) {
      --end;
      candidate.run.has_legal = true;
    }
    if (const TokenRange named = WithFamily({begin, end}, sentence);
        named != TokenRange{begin, end}) {
      if (named.begin != begin) candidate.initial = false;
      begin = named.begin;
      end = named.end;
    }
    // A legal form in small letters or after a comma.
    uint32_t after = end;
    if (after < sentence.end && At(after).lower == ",") ++after;
    if (after < sentence.end && IsLegalForm(document_, senses_, after, legal_)) {
      candidate.run.has_legal = true;
    }
    candidate.run.tokens = {begin, end};
    if (!candidate.initial) interior_.insert(KeyOf(candidate.run.tokens));
    runs_.push_back(candidate);
  }

  // "the Lindby family", "la famiglia Galvani": a family is not whom its name stands for alone.
  TokenRange WithFamily(TokenRange name, TokenRange sentence) const {
    const bool free = runs_.empty() || runs_.back().run.tokens.end < name.begin;
    if (name.begin > sentence.begin && free && IsFamily(name.begin - 1)) {
      return {name.begin - 1, name.end};
    }
    // Not "the Lindby family office".
    const bool last = name.end + 1 >= sentence.end || !Has(name.end + 1, head_);
    if (name.end < sentence.end && last && IsFamily(name.end)) return {name.begin, name.end + 1};
    return name;
  }

  bool IsFamily(uint32_t i) const {
    return Has(i, family_) && senses_[i].front().length == 1 && !taken_[i];
  }

  std::string KeyOf(TokenRange tokens) const { return NameKey(document_.TextOf(tokens)); }

  bool IsKnown(TokenRange tokens) const {
    return interior_.contains(KeyOf(tokens)) ||
           gazetteer_.Find(document_.TextOf(tokens)) != nullptr;
  }

  // Whether the word that begins a sentence is part of the name that seems to begin with it.
  void DecideInitials() {
    // What is left of a longer run ("Secondo Alvena") is proof for words that stand alone.
    for (const bool alone : {false, true}) {
      for (Candidate& candidate : runs_) {
        if (candidate.initial && (candidate.run.tokens.size() == 1) == alone) {
          DecideInitial(candidate);
        }
      }
    }
  }

  void DecideInitial(Candidate& candidate) {
    const bool company = candidate.run.has_legal && candidate.run.tokens.size() == 1;
    if (company || KeepsFirst(candidate.run.tokens)) return;
    TokenRange& tokens = candidate.run.tokens;
    ++tokens.begin;
    while (!tokens.empty() && !IsNameWord(tokens.begin)) ++tokens.begin;  // "Update-Alvena"
    tokens = WithoutHead(tokens);
    if (!tokens.empty()) interior_.insert(KeyOf(tokens));
  }

  // "Fuller's said", "at Fuller's.": a name that ends in what is the genitive elsewhere, and that
  // the article never says without it.
  void TakeGenitives() {
    if (genitive_ == kNoClass) return;
    const auto owns = [&](TokenRange tokens) {
      return tokens.end < senses_.size() && Has(tokens.end, genitive_) && At(tokens.end).glued;
    };
    absl::flat_hash_set<std::string> plain;
    for (const Candidate& candidate : runs_) {
      const TokenRange tokens = candidate.run.tokens;
      if (!tokens.empty() && !owns(tokens)) plain.insert(KeyOf(tokens));
    }
    for (Candidate& candidate : runs_) {
      TokenRange& tokens = candidate.run.tokens;
      if (tokens.empty() || !owns(tokens) || !OwnsNothing(tokens.end)) continue;
      if (!plain.contains(KeyOf(tokens))) ++tokens.end;
    }
  }

  // Whether no noun can follow the genitive at `genitive`.
  bool OwnsNothing(uint32_t genitive) const {
    const uint32_t next = genitive + 1;
    if (next >= senses_.size() || At(next).kind == TokenKind::kPunctuation) return true;
    return Has(next, say_) &&
           std::all_of(senses_[next].begin(), senses_[next].end(), [](const Sense& sense) {
             return sense.form == VerbForm::kPast || sense.form == VerbForm::kParticiple;
           });
  }

  // Runs that are two names.
  void SplitRuns() {
    std::vector<Candidate> parts;
    for (Candidate& candidate : runs_) {
      const TokenRange tokens = candidate.run.tokens;
      for (uint32_t i = tokens.begin + 1; i < tokens.end; ++i) {
        if (!BeginsPerson(tokens, i) && !FollowsPlace(tokens, i)) continue;
        parts.push_back({{{tokens.begin, i}, false}, candidate.initial});
        candidate.run.tokens.begin = i;
        candidate.initial = false;
        break;
      }
    }
    runs_.insert(runs_.end(), parts.begin(), parts.end());
  }

  // "the Norda director Irene Pasini" without the noun: "Norda Irene Pasini".
  bool BeginsPerson(TokenRange run, uint32_t i) const {
    if (i + 1 >= run.end || !gazetteer_.IsFirstName(document_.TextOf(At(i)))) return false;
    const bool former = run.begin > 0 && Has(run.begin - 1, former_);  // "l'ex Norda Irene Pasini"
    return former || IsKnown({run.begin, i});
  }

  // "In Carrow Alvena has ...": a listed place after "in", and a subject or what the article names
  // elsewhere.
  bool FollowsPlace(TokenRange run, uint32_t i) const {
    if (run.begin == 0 || !Has(run.begin - 1, preposition_)) return false;
    const Gazetteer::Entry* const place =
        gazetteer_.Find(document_.TextOf(TokenRange{run.begin, i}));
    if (place == nullptr || place->type != EntityType::kPlace ||
        gazetteer_.Find(document_.TextOf(run)) != nullptr) {
      return false;
    }
    const bool acts = run.end < senses_.size() && BeginsVerb(run.end);
    return IsKnown({i, run.end}) || (acts && Has(run.begin - 1, in_));
  }

  bool KeepsFirst(TokenRange tokens) const {
    if (IsKnown(tokens)) return true;
    const uint32_t first = tokens.begin;
    const bool ordinary =
        lower_words_.contains(At(first).lower) || gazetteer_.IsSmallWord(At(first).lower) ||
        std::any_of(senses_[first].begin(), senses_[first].end(), [&](const Sense& sense) {
          // Where nouns have capitals, those that are no names are told apart before.
          if (capitalizes_nouns_) return sense.form != VerbForm::kNotVerb;
          return sense.word_class != name_head_ && sense.word_class != name_suffix_;
        });
    if (ordinary) return false;
    if (tokens.size() > 1) {
      // "Maya Lindqvist", however often the article says "Lindqvist".
      if (gazetteer_.IsFirstName(document_.TextOf(At(first)))) return true;
      const TokenRange rest = {first + 1, tokens.end};
      if (interior_.contains(KeyOf(rest))) return false;
      // "Alvena UK, which ...", but not "Anyhow Carrow".
      return gazetteer_.Find(document_.TextOf(rest)) == nullptr || ReadsAsName(tokens.end);
    }
    if (OpensOrClosesAName(first)) return true;
    return ReadsAsName(tokens.end);
  }

  bool BeginsVerb(uint32_t i) const {
    return std::any_of(senses_[i].begin(), senses_[i].end(),
                       [](const Sense& sense) { return IsFinite(sense.form); });
  }

  // "Alvena, azienda", "Alvena, fondata nel", "Alvena, che ha", "Alvena, con sede", "Alvena, dal
  // canto suo".
  bool OpensApposition(uint32_t i) const {
    const ClassId openers[] = {head_, indefinite_, relative_, based_, role_, aside_};
    return std::any_of(std::begin(openers), std::end(openers),
                       [&](ClassId id) { return Has(i, id); }) ||
           std::any_of(senses_[i].begin(), senses_[i].end(),
                       [](const Sense& sense) { return sense.form == VerbForm::kParticiple; });
  }

  // "MSC, the world's largest line", "IAG, su filial", "KLM, Alvena and Boreal".
  bool OpensNounPhrase(uint32_t i) const {
    return Has(i, definite_) || Has(i, possessive_) || (IsNameWord(i) && !IsBarrier(i));
  }

  // Whether what follows the first word of a sentence makes a name of it: "Alvena lancia ...",
  // "Alvena's ...", "Alvena CEO ...", "Alvena e Boreal ...", "Alvena, azienda ...".
  bool ReadsAsName(uint32_t next) const {
    if (next + 1 >= senses_.size()) return false;
    if (Has(next, genitive_) || Has(next, role_)) return true;
    // "Alvena-Chefin": with a common noun, where nouns have capitals.
    if (At(next).lower == "-" && At(next).glued && common_[next + 1]) return true;
    if (capitalizes_nouns_ && (At(next).lower == "(" || common_[next])) return true;
    if (Has(next, conjunction_)) return IsNameWord(next + 1) && !IsBarrier(next + 1);
    if (At(next).lower == ",") {
      return OpensApposition(next + 1) || (IsAcronym(next - 1) && OpensNounPhrase(next + 1));
    }
    if (At(next).lower == "(") return true;
    const bool joins_verb = Has(next, negation_) || Has(next, reflexive_);
    return BeginsVerb(next) || (joins_verb && BeginsVerb(next + 1));
  }

  // Whether a longer name inside some sentence begins or ends with this word.
  bool OpensOrClosesAName(uint32_t token) const { return ends_.contains(At(token).lower); }

  void IndexEnds() {
    for (const Candidate& candidate : runs_) {
      const TokenRange range = candidate.run.tokens;
      if (candidate.initial || range.empty()) continue;
      ends_.insert(At(range.begin).lower);
      ends_.insert(At(range.end - 1).lower);
    }
  }

  // In a heading in title case only names that the rest of the article has.
  void CollectKnown(TokenRange sentence) {
    absl::flat_hash_set<std::string> known;
    uint32_t longest = 0;
    for (const Candidate& candidate : runs_) {
      if (candidate.run.tokens.empty()) continue;
      known.insert(KeyOf(candidate.run.tokens));
      longest = std::max(longest, candidate.run.tokens.size());
    }
    for (uint32_t i = sentence.begin; i < sentence.end; ++i) {
      if (!IsNameWord(i)) continue;
      for (uint32_t end = std::min(sentence.end, i + longest); end > i; --end) {
        // "Alvena:" has the key of "Alvena".
        const bool marked = At(end - 1).kind == TokenKind::kPunctuation;
        if (marked || !known.contains(KeyOf({i, end}))) continue;
        runs_.push_back({{{i, end}, false}, false});
        i = end - 1;
        break;
      }
    }
  }

  const Document& document_;
  const SenseTable& senses_;
  const std::vector<bool>& taken_;
  const bool capitalizes_nouns_;
  const std::vector<bool> common_;  // capitalized, but common nouns
  const Gazetteer& gazetteer_;
  const ClassId role_, not_name_, name_suffix_, name_head_, name_connector_, name_particle_;
  const ClassId head_, genitive_, conjunction_, indefinite_, negation_, reflexive_, legal_, based_,
      relative_, family_, former_, aside_, definite_, possessive_, say_, in_, preposition_;
  const std::array<ClassId, 6> small_;  // of words that name nothing by themselves

  std::vector<bool> in_role_;
  absl::flat_hash_set<std::string> lower_words_;
  absl::flat_hash_set<std::string> interior_;  // keys of runs inside sentences
  absl::flat_hash_set<std::string> ends_;      // their first and last words
  std::vector<TokenRange> title_case_;
  std::vector<Candidate> runs_;
};

}  // namespace

bool HasSense(const SenseTable& senses, uint32_t token, ClassId id) {
  if (id == kNoClass) return false;
  return std::any_of(senses[token].begin(), senses[token].end(),
                     [&](const Sense& sense) { return sense.word_class == id; });
}

bool IsLegalForm(const Document& document, const SenseTable& senses, uint32_t token,
                 ClassId legal) {
  if (!HasSense(senses, token, legal)) return false;
  return document.tokens[token].capitalized ||
         std::all_of(senses[token].begin(), senses[token].end(),
                     [legal](const Sense& sense) { return sense.word_class == legal; });
}

std::vector<NameRun> FindNameRuns(const Document& document, const SenseTable& senses,
                                  const std::vector<bool>& taken, const Lexicon& lexicon,
                                  const Gazetteer& gazetteer) {
  return RunFinder(document, senses, taken, lexicon, gazetteer).Run();
}

}  // namespace fasti::ingest
