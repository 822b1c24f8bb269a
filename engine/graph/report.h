#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/name_resolver.h"
#include "engine/graph/story_editor.h"
#include "engine/graph/transaction_impl.h"
#include "fasti/report.h"
#include "fasti/transaction.h"

namespace fasti::graph {

// Turns what a source says into claims and facts: names become entities, statements become claims
// of stories, and each story that gained a claim is written anew (story.h).  One Reporter serves
// one call; after an error the transaction must be dropped.
class Reporter {
 public:
  explicit Reporter(TransactionImpl* transaction)
      : transaction_(*transaction), book_(transaction->view()), names_(transaction) {}

  absl::StatusOr<ReportSummary> Run(const Report& report);
  absl::StatusOr<Fact> AddClaim(const FactDraft& draft, const Claim& claim);
  absl::Status RetractSource(EntityId source);

 private:
  using Stories = std::map<StoryKey, StoryEditor>;

  // A statement in terms of the database.
  struct Told {
    StoryKey key;
    RelationInfo relation;
    ToldClaim claim;
  };
  // Where a statement went; absent if it names somebody ambiguous.
  struct Placed {
    StoryEditor* story = nullptr;
    size_t claim = 0;
    bool repeated = false;
  };

  absl::StatusOr<std::optional<Told>> Understand(const Statement& statement, const Source& source,
                                                 const ToldClaim& base, ReportSummary* summary);
  // Whether the name fits several entities, which then stand in the summary.
  absl::StatusOr<bool> IsAmbiguous(const EntityName& name, ReportSummary* summary);
  absl::StatusOr<RelationInfo> RelationOf(const Statement& statement, bool* inverse);
  absl::StatusOr<StoryEditor*> StoryOf(const StoryKey& key, const RelationInfo& relation);
  absl::StatusOr<Placed> Place(Told told);
  StatementOutcome OutcomeOf(const Placed& placed) const;

  TransactionImpl& transaction_;
  ClaimBook book_;
  NameResolver names_;
  Stories stories_;
};

}  // namespace fasti::graph
