#include "tools/shell/json_read.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::shell {
namespace {

using testing::HasSubstr;

TEST(JsonReadTest, ARequestBringsItsStatementAndParameters) {
  const absl::StatusOr<JsonRequest> request = ReadJsonRequest(
      R"({"id":7,"q":"RETURN $x","params":{"x":[1,2.5,"é",null,true,{"k":{"$date":"2025-06-12"}}]}})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->id, "7");
  EXPECT_FALSE(request->reset);
  EXPECT_EQ(request->statement, "RETURN $x");
  EXPECT_EQ(FormatValue(request->parameters.at("x")), "[1, 2.5, 'é', null, true, {k: 2025-06-12}]");
}

TEST(JsonReadTest, TaggedValuesKeepTheirKind) {
  const struct {
    const char* json;
    Value::Kind kind;
  } kCases[] = {
      {R"({"$float":"NaN"})", Value::Kind::kDouble},
      {R"({"$date":"2025-06-12"})", Value::Kind::kDate},
      {R"({"$datetime":"2025-06-12T14:00:00Z"})", Value::Kind::kDateTime},
      {R"({"$localdatetime":"2025-06-12T14:00:00"})", Value::Kind::kLocalDateTime},
      {R"({"$duration":"P30D"})", Value::Kind::kDuration},
      {R"({"$period":"2025-Q2"})", Value::Kind::kPeriod},
      {R"({"$qty":{"low":1.0,"high":null,"unit":"USD"}})", Value::Kind::kQuantity},
      {R"({"$map":{"$date":1}})", Value::Kind::kMap},
      {R"({"a":1})", Value::Kind::kMap},
      {R"({})", Value::Kind::kMap},
      {"1", Value::Kind::kInt},
      {"1.0", Value::Kind::kDouble},
  };
  for (const auto& c : kCases) {
    const auto request = ReadJsonRequest(std::string(R"({"q":"","params":{"x":)") + c.json + "}}");
    ASSERT_TRUE(request.ok()) << c.json << ": " << request.status();
    EXPECT_EQ(request->parameters.at("x").kind(), c.kind) << c.json;
  }
}

TEST(JsonReadTest, WhatIsWrongIsSaid) {
  const struct {
    std::string line;
    const char* message;
  } kCases[] = {
      {"", "not JSON"},
      {"[]", "expected a JSON object"},
      {"{}", "expected \"q\""},
      {R"({"op":"drop"})", "no such \"op\": drop"},
      {R"({"id":{},"q":""})", "\"id\" must be"},
      {R"({"q":"","params":[]})", "\"params\" must be an object"},
      {R"({"q":"","params":{"x":{"$node":{}}}})", "$node"},
      {R"({"q":"","params":{"x":{"$date":"2025-02-30"}}})", "found '30'"},
      {R"({"q":"","params":{"x":{"$float":"much"}}})", "much"},
      {R"({"q":"","params":{"x":{"$qty":{"low":2,"high":1,"unit":""}}}})", ""},
      {R"({"q":"","params":{"x":18446744073709551615}})", "9223372036854775807"},
      {R"({"q":"","params":{"x":)" + std::string(200, '[') + std::string(200, ']') + "}}",
       "nested deeper"},
  };
  for (const auto& c : kCases) {
    const auto request = ReadJsonRequest(c.line);
    ASSERT_FALSE(request.ok()) << c.line;
    EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument) << c.line;
    EXPECT_THAT(std::string(request.status().message()), HasSubstr(c.message)) << c.line;
  }
}

TEST(JsonReadTest, SixtyFourLevelsAreReadAndOneMoreIsRefused) {
  constexpr int kLevels = 64;
  const struct {
    const char* open;
    const char* inside;
    const char* close;
  } kShells[] = {
      {"[", "1", "]"}, {"[", "", "]"}, {R"({"k":)", "1", "}"}, {R"({"$map":{"$k":)", "1", "}}"}};
  for (const auto& shell : kShells) {
    for (const int levels : {kLevels, kLevels + 1}) {
      std::string json = R"({"q":"","params":{"x":)";
      for (int i = 0; i < levels; ++i) json += shell.open;
      json += shell.inside;
      for (int i = 0; i < levels; ++i) json += shell.close;
      const auto request = ReadJsonRequest(json + "}}");
      EXPECT_EQ(request.ok(), levels == kLevels) << shell.open << ": " << request.status();
      if (!request.ok()) {
        EXPECT_THAT(std::string(request.status().message()), HasSubstr("deeper than 64 levels"));
      }
    }
  }
}

}  // namespace
}  // namespace fasti::shell
