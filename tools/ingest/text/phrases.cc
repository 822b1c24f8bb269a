#include "tools/ingest/text/phrases.h"

#include <algorithm>
#include <utility>

namespace fasti::ingest {

void PhraseTable::Add(const Tokenizer& tokenizer, absl::string_view phrase, int value) {
  std::vector<std::string> words;
  for (Token& token : tokenizer.Tokenize(phrase)) words.push_back(std::move(token.lower));
  if (!words.empty()) ValueOf(words) = value;
}

std::optional<int>& PhraseTable::ValueOf(absl::Span<const std::string> words) {
  first_words_.Add(words.front());
  uint32_t node = 0;
  for (const std::string& word : words) {
    const auto [it, added] =
        nodes_[node].next.try_emplace(word, static_cast<uint32_t>(nodes_.size()));
    node = it->second;
    if (added) nodes_.emplace_back();
  }
  return nodes_[node].value;
}

std::optional<PhraseTable::Match> PhraseTable::Follow(const std::vector<Token>& tokens, uint32_t at,
                                                      uint32_t limit) const {
  std::optional<Match> best;
  const Node* node = &nodes_[0];
  for (uint32_t i = at; i < limit; ++i) {
    const auto it = node->next.find(tokens[i]);
    if (it == node->next.end()) break;
    node = &nodes_[it->second];
    if (node->value) best = Match{i + 1, *node->value};
  }
  return best;
}

std::optional<int> PhraseTable::Exactly(const std::vector<Token>& tokens, uint32_t begin,
                                        uint32_t end) const {
  const std::optional<Match> match = Longest(tokens, begin, end);
  if (!match || match->bound != end) return std::nullopt;
  return match->value;
}

std::vector<std::string> PhraseTable::FirstWords() const {
  std::vector<std::string> words;
  for (const auto& [word, node] : nodes_[0].next) words.push_back(word);
  return words;
}

std::optional<PhraseTable::Match> PhraseTable::LongestBefore(const std::vector<Token>& tokens,
                                                             uint32_t limit, uint32_t end) const {
  const uint32_t first = std::max(limit, end > kLengthMax ? end - kLengthMax : 0);
  for (uint32_t begin = first; begin < end; ++begin) {
    if (const std::optional<int> value = Exactly(tokens, begin, end)) return Match{begin, *value};
  }
  return std::nullopt;
}

}  // namespace fasti::ingest
