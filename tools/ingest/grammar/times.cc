#include "tools/ingest/grammar/times.h"

#include <algorithm>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/ingest/grammar/time_pattern.h"

namespace fasti::ingest {
namespace {

constexpr absl::string_view kAnchorNames[] = {"at", "during", "since", "until",
                                              "by", "before", "after"};

std::optional<TimeAnchor> AnchorFromName(absl::string_view name) {
  for (size_t i = 0; i < std::size(kAnchorNames); ++i) {
    if (kAnchorNames[i] == name) return static_cast<TimeAnchor>(i);
  }
  return std::nullopt;
}

// A rule `time`: an expression without its preposition; or a rule `range`, with two of them.
struct Rule {
  TimePattern pattern;
  TimeMeaning meaning;
  TimeAnchor anchor = TimeAnchor::kAt;  // where no preposition tells another one
  bool needs_anchor = false;            // only after a preposition: "aprile", "2025"
  bool glued = false;                   // without white space: "2025-06-12"
  uint64_t needs = 0;                   // what the pattern cannot do without, see TimeNeeds
};

// Rules in order, found by what a match would begin with.
class RuleList {
 public:
  void Add(Rule rule) {
    const uint32_t index = static_cast<uint32_t>(rules_.size());
    const TimeOpening opening = rule.pattern.Opening();
    for (const std::string& word : opening.words) by_word_[word].push_back(index);
    if (opening.figure) by_figure_.push_back(index);
    if (opening.last_digit) by_last_digit_.push_back(index);
    if (opening.number) by_number_.push_back(index);
    if (opening.time) by_time_.push_back(index);
    rules_.push_back(std::move(rule));
  }

  // Calls `use` with each rule that may match at token `at`, in order.  `time`: whether another
  // expression begins there; `present`: the bits of what the sentence has.
  template <typename Use>
  void ForEach(const TimeText& text, uint32_t at, bool time, uint64_t present,
               const Use& use) const {
    const Token& token = text.tokens()[at];
    absl::InlinedVector<uint32_t, 64> indexes;
    const auto add = [&indexes](const std::vector<uint32_t>& rules) {
      for (const uint32_t index : rules) indexes.push_back(index);
    };
    if (token.kind == TokenKind::kNumber) add(by_figure_);
    if (!token.lower.empty() && absl::ascii_isdigit(token.lower.back())) add(by_last_digit_);
    if (!by_number_.empty() && text.NumberAt(at)) add(by_number_);
    if (time) add(by_time_);
    if (const auto found = by_word_.find(token); found != by_word_.end()) add(found->second);
    std::sort(indexes.begin(), indexes.end());
    const auto end = std::unique(indexes.begin(), indexes.end());
    for (auto it = indexes.begin(); it != end; ++it) {
      if ((rules_[*it].needs & ~present) == 0) use(rules_[*it]);
    }
  }

 private:
  std::vector<Rule> rules_;
  WordMap<std::vector<uint32_t>> by_word_;
  std::vector<uint32_t> by_figure_;
  std::vector<uint32_t> by_last_digit_;
  std::vector<uint32_t> by_number_;
  std::vector<uint32_t> by_time_;
};

// An expression found in the text, not yet placed in time.
struct Core {
  uint32_t begin = 0;
  uint32_t end = 0;
  const Rule* rule = nullptr;
  Slots slots;
  const Core* inner = nullptr;  // of a rule that means the same
};

Period WithAnchor(const Period& named, TimeAnchor anchor) {
  Period period = named;
  switch (anchor) {
    case TimeAnchor::kAt:
    case TimeAnchor::kDuring:
      break;
    case TimeAnchor::kSince:
      period.to = kInstantMax;
      period.to_precision = Precision::kOpen;
      break;
    case TimeAnchor::kUntil:
    case TimeAnchor::kBy:
      period.from = kInstantMin;
      period.from_precision = Precision::kUnknown;
      break;
    case TimeAnchor::kBefore:
      period = {kInstantMin, named.from, Precision::kUnknown, named.from_precision, named.reading};
      break;
    case TimeAnchor::kAfter:
      period = {named.to, kInstantMax, named.to_precision, Precision::kOpen, named.reading};
      break;
  }
  return period;
}

}  // namespace

absl::string_view TimeAnchorName(TimeAnchor anchor) {
  return kAnchorNames[static_cast<size_t>(anchor)];
}

class TimeGrammar::Rep {
 public:
  explicit Rep(NumberParser parser) : numbers_(std::move(parser)) {}

  absl::Status Load(const Resources& resources, absl::string_view language);
  void FindIn(const Document& document, const Sentence& sentence,
              const std::optional<Period>& reported, std::vector<TimeSpan>& spans) const;

 private:
  // What was found in one sentence: the longest core at each token.
  class Sightings;

  static absl::StatusOr<Rule> ParseRule(const Record& record);
  bool LooksAhead(const Document& document, TokenRange sentence) const;

  NumberParser numbers_;
  TimeWords words_;
  TimeNeeds needs_;
  RuleList rules_;
  RuleList ranges_;
  PhraseTable anchors_;     // -> TimeAnchor
  PhraseTable articles_;    // between a preposition and the expression
  PhraseTable future_;      // the sentence looks ahead
  PhraseTable not_after_;   // "via", which makes a date a street
  PhraseTable not_before_;  // "del decennio", which makes a half none of a year
  std::vector<std::string> future_suffixes_;
};

absl::Status TimeGrammar::Rep::Load(const Resources& resources, absl::string_view language) {
  const Tokenizer tokenizer(resources, language);
  const std::vector<const Record*> records = resources.Records(language, "times");
  std::vector<const Record*> rules;  // they may use words that are defined after them
  for (const Record* record : records) {
    if (record->kind == "time" || record->kind == "range") {
      rules.push_back(record);
    } else if (record->kind == "anchor") {
      const std::optional<TimeAnchor> anchor = AnchorFromName(record->name);
      if (!anchor) return record->Complain(absl::StrCat("unknown anchor '", record->name, "'"));
      for (const std::string& word : record->List("words")) {
        anchors_.Add(tokenizer, word, static_cast<int>(*anchor));
      }
    } else if (record->kind == "article" || record->kind == "future" ||
               record->kind == "not_after" || record->kind == "not_before") {
      PhraseTable& table = record->kind == "article"     ? articles_
                           : record->kind == "future"    ? future_
                           : record->kind == "not_after" ? not_after_
                                                         : not_before_;
      for (const std::string& word : record->List("words")) table.Add(tokenizer, word, 0);
    } else if (record->kind == "future_suffix") {
      for (const std::string& word : record->List("words")) {
        future_suffixes_.push_back(FoldWord(word));
      }
    } else {
      FASTI_ASSIGN_OR_RETURN(const bool known, words_.AddRecord(*record, tokenizer));
      if (!known) return record->Complain(absl::StrCat("unknown record '", record->kind, "'"));
    }
  }
  for (const Record* record : rules) {
    for (absl::string_view text : record->GetAll("pattern")) {
      FASTI_ASSIGN_OR_RETURN(Rule rule, ParseRule(*record));
      absl::StatusOr<TimePattern> pattern = TimePattern::Parse(text, words_, tokenizer);
      if (!pattern.ok()) return record->Complain(pattern.status().message());
      rule.pattern = *std::move(pattern);
      rule.needs = needs_.BitsOf(rule.pattern);
      (record->kind == "range" ? ranges_ : rules_).Add(std::move(rule));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Rule> TimeGrammar::Rep::ParseRule(const Record& record) {
  Rule rule;
  if (record.kind == "time") {
    absl::StatusOr<TimeMeaning> meaning = TimeMeaning::Parse(record.Get("means"));
    if (!meaning.ok()) return record.Complain(meaning.status().message());
    rule.meaning = *std::move(meaning);
  }
  if (const absl::string_view name = record.Get("anchor"); !name.empty()) {
    const std::optional<TimeAnchor> anchor = AnchorFromName(name);
    if (!anchor) return record.Complain(absl::StrCat("unknown anchor '", name, "'"));
    rule.anchor = *anchor;
  } else if (record.kind == "range") {
    rule.anchor = TimeAnchor::kDuring;
  }
  rule.needs_anchor = record.Get("needs") == "anchor";
  rule.glued = record.Get("glued") == "yes";
  return rule;
}

class TimeGrammar::Rep::Sightings {
 public:
  Sightings(const Rep& rep, const Document& document, const Sentence& sentence,
            const std::optional<Period>& reported)
      : rep_(rep),
        document_(document),
        range_(sentence.tokens),
        text_(document, sentence.tokens, rep.numbers_),
        present_(rep.needs_.BitsIn(document, sentence.tokens)),
        reported_(reported),
        ahead_(PhrasesAhead()),
        cores_(sentence.tokens.size()),
        inner_([this](uint32_t at) { return CoreAt(at); }) {
    for (uint32_t at = range_.end; at-- > range_.begin;) FindCore(at);
  }

  // The expression with its preposition that begins at `at`.
  std::optional<TimeSpan> SpanAt(uint32_t at) const {
    std::optional<TimeSpan> best = LongestAt(at);
    if (best && (rep_.not_after_.LongestBefore(document_.tokens, range_.begin, at) ||
                 rep_.not_before_.Longest(document_.tokens, best->tokens.end, range_.end))) {
      return std::nullopt;
    }
    return best;
  }

 private:
  std::optional<TimeSpan> LongestAt(uint32_t at) const {
    std::optional<TimeSpan> best = RangeAt(at);
    const auto better = [&best](const std::optional<TimeSpan>& span) {
      return span && (!best || span->tokens.end > best->tokens.end);
    };
    // A shorter preposition may leave the words that the expression begins with.
    for (uint32_t limit = range_.end; limit > at;) {
      const auto anchor = rep_.anchors_.Longest(document_.tokens, at, limit);
      if (!anchor) break;
      limit = anchor->bound - 1;
      uint32_t begin = anchor->bound;
      while (const auto article = rep_.articles_.Longest(document_.tokens, begin, range_.end)) {
        if (CoreAt(begin) != nullptr) break;
        begin = article->bound;
      }
      const Core* core = CoreAt(begin);
      if (core != nullptr) {
        TimeAnchor kind = static_cast<TimeAnchor>(anchor->value);
        if (kind == TimeAnchor::kAt) kind = core->rule->anchor;
        std::optional<TimeSpan> span = MakeSpan({at, core->end}, *core, kind);
        if (better(span)) best = std::move(span);
      }
      if (std::optional<TimeSpan> range = RangeAt(begin)) {  // "nel 2024-2026"
        range->tokens.begin = at;
        if (better(range)) best = std::move(range);
      }
    }
    const Core* core = CoreAt(at);
    if (core != nullptr && (!core->rule->needs_anchor || Opens(at))) {
      std::optional<TimeSpan> span = MakeSpan({at, core->end}, *core, core->rule->anchor);
      if (better(span)) best = std::move(span);
    }
    return best;
  }

  const Core* CoreAt(uint32_t at) const {
    if (at < range_.begin || at >= range_.end) return nullptr;
    const std::optional<Core>& core = cores_[at - range_.begin];
    return core ? &*core : nullptr;
  }

  void FindCore(uint32_t at) {
    std::optional<Core> best;
    rep_.rules_.ForEach(text_, at, /*time=*/false, present_, [&](const Rule& rule) {
      auto match = rule.pattern.Longest<Core>(text_, at, rep_.words_, inner_);
      if (!match || (best && match->end < best->end)) return;
      // Of two as long the first, unless only the second stands without a preposition.
      if (best && match->end == best->end && !(best->rule->needs_anchor && !rule.needs_anchor)) {
        return;
      }
      if (rule.glued && !IsGlued(at, match->end)) return;
      Core core{at, match->end, &rule, match->slots, nullptr};
      if (!match->inner.empty()) core.inner = match->inner.front();
      if (rule.meaning.takes_inner() != (core.inner != nullptr)) return;
      if (!Evaluate(core)) return;  // 30 February
      best = core;
    });
    cores_[at - range_.begin] = best;
  }

  bool IsGlued(uint32_t begin, uint32_t end) const {
    return std::all_of(document_.tokens.begin() + begin + 1, document_.tokens.begin() + end,
                       [](const Token& token) { return token.glued; });
  }

  // A year in brackets or at the head of a sentence needs no preposition.
  bool Opens(uint32_t at) const {
    const bool year_only = CoreAt(at)->end == at + 1 && At(CoreAt(at)->slots, Slot::kYear);
    if (!year_only) return false;
    const bool bracket = at > range_.begin && document_.tokens[at - 1].lower == "(" &&
                         at + 1 < range_.end && document_.tokens[at + 1].lower == ")";
    const bool head = at == range_.begin && at + 1 < range_.end &&
                      document_.tokens[at + 1].kind == TokenKind::kPunctuation;
    return bracket || head;
  }

  std::optional<TimeMeaning::Result> Evaluate(const Core& core) const {
    if (core.inner != nullptr) {
      const std::optional<TimeMeaning::Result> inner = Evaluate(*core.inner);
      if (!inner) return std::nullopt;
      return core.rule->meaning.Around(*inner, core.slots);
    }
    const bool ahead = ahead_[core.begin - range_.begin];
    return core.rule->meaning.Evaluate(core.slots, Reference{reported_, ahead});
  }

  // By token, whether its part of the sentence between commas looks ahead: "reached 18 million in
  // June, and expects ...".  A short part ("In June, ...") goes with those beside it.
  std::vector<bool> PhrasesAhead() const {
    constexpr uint32_t kShortMax = 5;
    struct Part {
      TokenRange tokens;
      bool ahead;
    };
    std::vector<Part> parts;
    for (uint32_t begin = range_.begin; begin < range_.end;) {
      uint32_t end = begin + 1;
      while (end < range_.end && document_.tokens[end].lower != "," &&
             document_.tokens[end].lower != ";") {
        ++end;
      }
      parts.push_back({{begin, end}, rep_.LooksAhead(document_, {begin, end})});
      begin = end;
    }
    std::vector<bool> ahead(range_.size());
    for (size_t i = 0; i < parts.size(); ++i) {
      bool looks = parts[i].ahead;
      if (parts[i].tokens.size() <= kShortMax) {
        looks |= i > 0 && parts[i - 1].ahead;
        looks |= i + 1 < parts.size() && parts[i + 1].ahead;
      }
      for (uint32_t t = parts[i].tokens.begin; t < parts[i].tokens.end; ++t) {
        ahead[t - range_.begin] = looks;
      }
    }
    return ahead;
  }

  static bool IsFiscal(const Core& core) {
    return core.rule->meaning.is_fiscal() || (core.inner != nullptr && IsFiscal(*core.inner));
  }

  std::optional<TimeSpan> MakeSpan(TokenRange tokens, const Core& core, TimeAnchor anchor) const {
    const std::optional<TimeMeaning::Result> result = Evaluate(core);
    if (!result) return std::nullopt;
    TimeSpan span;
    span.tokens = tokens;
    span.anchor = anchor;
    span.named = result->period;
    if (result->period) span.period = WithAnchor(*result->period, anchor);
    span.from_published = result->from_published;
    span.fiscal = IsFiscal(core);
    return span;
  }

  // "tra il 2024 e il 2026", "dal 12 al 15 giugno", "2024-2026".
  std::optional<TimeSpan> RangeAt(uint32_t at) const {
    std::optional<TimeSpan> best;
    if (at >= range_.end) return best;
    rep_.ranges_.ForEach(text_, at, CoreAt(at) != nullptr, present_, [&](const Rule& rule) {
      auto match = rule.pattern.Longest<Core>(text_, at, rep_.words_, inner_);
      if (!match || match->inner.empty() || (best && match->end <= best->tokens.end)) return;
      if (rule.glued && !IsGlued(at, match->end)) return;
      Core first = *match->inner.front(), last = *match->inner.back();
      if (const std::optional<int> year = At(match->slots, Slot::kYear)) {
        At(last.slots, Slot::kYear) = year;  // "2025-26"
      } else if (match->inner.size() ==
                 1) {  // "dal 12 al 15 giugno": only the day of the start is told
        if (!At(last.slots, Slot::kDay)) return;
        At(first.slots, Slot::kDay) = At(match->slots, Slot::kFromDay);
      } else if (first.inner == nullptr && first.rule->meaning.IsPartial(first.slots)) {
        At(first.slots, Slot::kYear) = At(last.slots, Slot::kYear);
      }
      const auto from = Evaluate(first), to = Evaluate(last);
      if (!from || !to) return;
      TimeSpan span;
      span.tokens = {at, match->end};
      span.anchor = rule.anchor;
      span.from_published = from->from_published || to->from_published;
      span.fiscal = IsFiscal(first) || IsFiscal(last);
      if (from->period && to->period) {
        if (from->period->from >= to->period->to) return;
        span.named = span.period = Period::Between(*from->period, *to->period);
      }
      best = span;
    });
    return best;
  }

  const Rep& rep_;
  const Document& document_;
  const TokenRange range_;
  const TimeText text_;
  const uint64_t present_;
  const std::optional<Period> reported_;
  const std::vector<bool> ahead_;
  std::vector<std::optional<Core>> cores_;
  const std::function<const Core*(uint32_t)> inner_;
};

bool TimeGrammar::Rep::LooksAhead(const Document& document, TokenRange sentence) const {
  for (uint32_t at = sentence.begin; at < sentence.end; ++at) {
    const Token& token = document.tokens[at];
    if (future_.Longest(document.tokens, at, sentence.end)) return true;
    if (token.kind != TokenKind::kWord || token.capitalized) continue;
    for (const std::string& suffix : future_suffixes_) {
      if (token.lower.size() > suffix.size() + 1 && absl::EndsWith(token.lower, suffix))
        return true;
    }
  }
  return false;
}

void TimeGrammar::Rep::FindIn(const Document& document, const Sentence& sentence,
                              const std::optional<Period>& reported,
                              std::vector<TimeSpan>& spans) const {
  const Sightings sightings(*this, document, sentence, reported);
  for (uint32_t at = sentence.tokens.begin; at < sentence.tokens.end;) {
    if (std::optional<TimeSpan> span = sightings.SpanAt(at)) {
      at = span->tokens.end;
      spans.push_back(*std::move(span));
    } else {
      ++at;
    }
  }
}

TimeGrammar::TimeGrammar(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
TimeGrammar::TimeGrammar(TimeGrammar&&) = default;
TimeGrammar::~TimeGrammar() = default;

absl::StatusOr<TimeGrammar> TimeGrammar::Make(const Resources& resources,
                                              absl::string_view language) {
  FASTI_ASSIGN_OR_RETURN(NumberParser numbers, NumberParser::Make(resources, language));
  auto rep = std::make_unique<Rep>(std::move(numbers));
  FASTI_RETURN_IF_ERROR(rep->Load(resources, language));
  return TimeGrammar(std::move(rep));
}

std::vector<TimeSpan> TimeGrammar::Find(const Document& document,
                                        const std::optional<Period>& reported) const {
  std::vector<TimeSpan> spans;
  for (const Sentence& sentence : document.sentences) {
    rep_->FindIn(document, sentence, reported, spans);
  }
  return spans;
}

std::vector<TimeSpan> TimeGrammar::FindIn(const Document& document, const Sentence& sentence,
                                          const std::optional<Period>& reported) const {
  std::vector<TimeSpan> spans;
  rep_->FindIn(document, sentence, reported, spans);
  return spans;
}

}  // namespace fasti::ingest
