#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fasti/quantity.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/ingest/shared_extractor.h"

namespace fasti::ingest {

// A text and a fact that is read in it; none if the fact is empty.
struct ReadingCase {
  const char* language;
  const char* text;
  const char* fact;
};

// For tests of what a short text tells, read as of June 2025.
class ReadingTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(SharedExtractor(), nullptr); }

  static Extraction Read(absl::string_view language, absl::string_view text) {
    Article article;
    article.text = std::string(text);
    article.metadata.language = std::string(language);
    article.metadata.report_date = *ParsePeriod("2025-06");
    auto extraction = SharedExtractor()->Extract(article);
    EXPECT_TRUE(extraction.ok()) << extraction.status();
    return *std::move(extraction);
  }

  // "subject relation object [time] modality" of each fact that a rule fits well, whether or not so
  // short a text makes it sure enough to be stored.
  static std::vector<std::string> Facts(absl::string_view language, absl::string_view text) {
    std::vector<std::string> facts;
    for (const ExtractedFact& fact : Read(language, text).facts) {
      if (fact.fit < 0.5) continue;
      const Statement& statement = fact.statement;
      facts.push_back(
          absl::StrCat(statement.subject.name, " ", statement.relation, " ", Object(statement),
                       statement.valid ? absl::StrCat(" @", FormatPeriod(*statement.valid)) : "",
                       statement.modality == Modality::kAsserted
                           ? ""
                           : absl::StrCat(" ", ModalityName(statement.modality))));
    }
    return facts;
  }

  static void Expect(std::initializer_list<ReadingCase> cases) {
    for (const ReadingCase& c : cases) {
      if (*c.fact == '\0') {
        EXPECT_THAT(Facts(c.language, c.text), testing::IsEmpty()) << c.text;
      } else {
        EXPECT_THAT(Facts(c.language, c.text), testing::Contains(c.fact)) << c.text;
      }
    }
  }

  // The other party, or the figure.
  static std::string Object(const Statement& statement) {
    if (const auto* entity = std::get_if<EntityName>(&statement.object)) return entity->name;
    const Value& value = std::get<Value>(statement.object);
    return value.is(Value::Kind::kQuantity) ? FormatQuantity(value.as_quantity()) : "";
  }
};

}  // namespace fasti::ingest
