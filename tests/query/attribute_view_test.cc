// Attributes of a node in the view that bound it.

#include <memory>
#include <string>
#include <vector>

#include "fasti/database.h"
#include "fasti/session.h"
#include "gtest/gtest.h"

namespace fasti {
namespace {

class AttributeViewTest : public testing::Test {
 protected:
  AttributeViewTest() : database_(Database::Open(":memory:", {}).value()), session_(*database_) {
    Ask("CREATE (a:Company {name: 'Orion'})-[:owns]->(b:Company {name: 'Vega'})");
    Ask("MATCH (a {name: 'Orion'}) SET a.seat = 'Rome' VALID @2020..2023");
    Ask("MATCH (a {name: 'Orion'}) SET a.seat = 'Turin' VALID @2024..");
    Ask("MATCH (a {name: 'Orion'}), (b {name: 'Vega'}) CREATE (a)-[:audits]->(b) VALID @2022-03");
  }

  // The rows as text, "a, b; c, d".
  std::string Ask(const std::string& statement) {
    const auto result = session_.Run(statement, {}, {});
    if (!result.ok()) return std::string(result.status().message());
    std::string out;
    std::vector<Value> row;
    while ((*result)->Next(&row).value()) {
      if (!out.empty()) out += "; ";
      for (size_t i = 0; i < row.size(); ++i) out += (i > 0 ? ", " : "") + FormatValue(row[i]);
    }
    return out;
  }

  std::unique_ptr<Database> database_;
  Session session_;
};

TEST_F(AttributeViewTest, ANodeKeepsItsTimelessNameInEveryView) {
  for (const char* view : {"AT @2022", "DURING @2022", "BEFORE @2023", "AFTER @2021", "AS OF @2022",
                           "DURING @2022 AS OF @2022"}) {
    EXPECT_EQ(Ask(std::string("MATCH (a {name: 'Orion'})-[:audits]->(b) ") + view +
                  " RETURN a.name, b.name"),
              "'Orion', 'Vega'")
        << view;
  }
}

TEST_F(AttributeViewTest, AnAttributeHasTheValueOfTheTimeThatTheViewSpeaksOf) {
  const struct {
    const char* view;
    const char* seat;
  } kCases[] = {
      {"", "'Turin'"},
      {"AT @2021", "'Rome'"},
      {"DURING @2022", "'Rome'"},
      {"BEFORE @2023", "'Rome'"},
      {"AFTER @2021", "'Turin'"},
      {"AT @2010", "null"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Ask(std::string("MATCH (a {name: 'Orion'}) ") + c.view + " RETURN a.seat"), c.seat)
        << c.view;
  }
}

}  // namespace
}  // namespace fasti
