#include "tools/ingest/grammar/quantities.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "fasti/status_macros.h"
#include "tools/ingest/grammar/figure_reader.h"
#include "tools/ingest/grammar/numbers.h"
#include "tools/ingest/grammar/quantity_words.h"

namespace fasti::ingest {
namespace {

using UnitKind = QuantityWords::UnitKind;

bool HasUnit(const Figure& figure) {
  return !figure.span.quantity.unit.empty();
}

// Copies the unit of `known` to `open`.
void Infer(const Figure& known, Figure& open) {
  open.span.quantity.unit = known.span.quantity.unit;
  open.span.item = known.span.item;
  open.span.unit_inferred = true;
  open.kind = known.kind;
}

// The currency of most of the money that has one; "" if none is that of more than half.
std::string UsualCurrency(const std::vector<Figure>& figures, absl::string_view default_currency) {
  absl::flat_hash_map<absl::string_view, size_t> counts;
  size_t all = 0;
  for (const Figure& figure : figures) {
    if (figure.kind != UnitKind::kMoney || !HasUnit(figure)) continue;
    ++counts[figure.span.quantity.unit];
    ++all;
  }
  for (const auto& [currency, count] : counts) {
    if (2 * count > all) return std::string(currency);
  }
  return std::string(all == 0 ? default_currency : "");
}

// Fills in the units that the text leaves out: from the nearest figure of the sentence, then of the
// paragraph; then from the document, if most of its money is of one currency; if it names none, it
// means `default_currency`.
constexpr size_t kFiguresNear = 50;  // how many figures on either side are looked at
void InferUnits(const Document& document, absl::string_view default_currency,
                std::vector<Figure>& figures) {
  const auto sentence = [&](const Figure& f) { return document.SentenceOf(f.span.tokens.begin); };
  const auto paragraph = [&](const Figure& f) { return document.sentences[sentence(f)].paragraph; };
  const auto usable = [](const Figure& known, const Figure& open) {
    if (!HasUnit(known) || known.span.unit_inferred) return false;
    if (known.kind == UnitKind::kMoney) return true;
    return known.kind == UnitKind::kCount && known.scale == open.scale;
  };
  const std::string usual = UsualCurrency(figures, default_currency);
  for (size_t i = 0; i < figures.size(); ++i) {
    Figure& open = figures[i];
    if (HasUnit(open)) continue;
    if (!open.open_unit) {  // "600 addetti; oggi sono più di 1.200"
      if (i > 0 && figures[i - 1].kind == UnitKind::kCount &&
          sentence(figures[i - 1]) == sentence(open)) {
        Infer(figures[i - 1], open);
      }
      continue;
    }
    const Figure* best = nullptr;
    for (const bool same_sentence : {true, false}) {
      const auto near = [&](const Figure& known) {
        if (!usable(known, open)) return false;
        if (same_sentence) return sentence(known) == sentence(open);
        return paragraph(known) == paragraph(open) && known.kind == UnitKind::kMoney;
      };
      const size_t first = i - std::min(i, kFiguresNear);
      const size_t last = std::min(figures.size(), i + 1 + kFiguresNear);
      for (size_t j = i; j-- > first && best == nullptr;) {
        if (near(figures[j])) best = &figures[j];
      }
      for (size_t j = i + 1; j < last && best == nullptr; ++j) {
        if (near(figures[j])) best = &figures[j];
      }
    }
    if (best != nullptr) {
      Infer(*best, open);
    } else if (!usual.empty()) {
      open.span.quantity.unit = usual;
      open.span.unit_inferred = true;
    }
  }
}

}  // namespace

bool QuantitySpan::is_money() const {
  return quantity.unit.size() == 3 &&
         std::all_of(quantity.unit.begin(), quantity.unit.end(), absl::ascii_isupper);
}

class QuantityGrammar::Rep {
 public:
  NumberParser numbers;
  QuantityWords words;
};

QuantityGrammar::QuantityGrammar(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
QuantityGrammar::QuantityGrammar(QuantityGrammar&&) = default;
QuantityGrammar::~QuantityGrammar() = default;

absl::StatusOr<QuantityGrammar> QuantityGrammar::Make(const Resources& resources,
                                                      absl::string_view language) {
  FASTI_ASSIGN_OR_RETURN(NumberParser numbers, NumberParser::Make(resources, language));
  FASTI_ASSIGN_OR_RETURN(QuantityWords words, QuantityWords::Make(resources, language));
  auto rep = std::make_unique<Rep>();
  rep->numbers = std::move(numbers);
  rep->words = std::move(words);
  return QuantityGrammar(std::move(rep));
}

std::vector<QuantitySpan> QuantityGrammar::Find(const Document& document,
                                                absl::Span<const TimeSpan> times) const {
  const char decimal = rep_->numbers.DecimalOf(document, rep_->words.after);
  std::vector<Figure> figures;
  for (const Sentence& sentence : document.sentences) {
    std::vector<Figure> found =
        ReadFigures(document, rep_->numbers, decimal, rep_->words, sentence.tokens, times);
    std::move(found.begin(), found.end(), std::back_inserter(figures));
  }
  InferUnits(document, rep_->words.default_currency, figures);
  std::vector<QuantitySpan> spans;
  spans.reserve(figures.size());
  for (Figure& figure : figures) spans.push_back(std::move(figure.span));
  return spans;
}

}  // namespace fasti::ingest
