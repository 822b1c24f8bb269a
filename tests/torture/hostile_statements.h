#pragma once

#include <string>
#include <vector>

namespace fasti::torture {

// Statements that would take far more memory than anybody has, each in another part of the
// language, over entities (:P {name}) joined by [:knows {k}] and with an attribute `age`.
inline const std::vector<std::string>& HostileStatements() {
  static const std::vector<std::string> statements = {
      "MATCH (a:P), (b:P), (c:P) RETURN a.name, b.name, c.name ORDER BY a.name + b.name + c.name",
      "MATCH (a:P), (b:P), (c:P) RETURN collect(a.name + b.name + c.name)",
      "MATCH (a:P), (b:P), (c:P) RETURN DISTINCT a.name, b.name, c.name",
      "MATCH (a:P), (b:P), (c:P) RETURN a.name + b.name + c.name AS key, count(*)",
      "MATCH (a:P), (b:P), (c:P) WITH a, b, c ORDER BY c.name RETURN count(*)",
      "MATCH p = (a:P)-[:knows*1..9]->(b) RETURN p ORDER BY length(p) DESC",
      "MATCH p = (a:P)-[:knows*1..9]-(b) RETURN collect(nodes(p))",
      "MATCH (a)-[:knows]->(b)-[:knows]->(c)-[:knows]->(d)-[:knows]->(e) "
      "RETURN a.name, e.name ORDER BY a.name, e.name",
      "MATCH (a)-[f:knows]->(b)-[g:knows]->(c)-[h:knows]->(d) RETURN DISTINCT a, b, c, d, f, g, h",
      "MATCH (a)-[f:knows]->(b) MATCH (c)-[g:knows]->(d) WHERE f BEFORE g "
      "RETURN f, g ORDER BY valid(f), valid(g)",
      "MATCH (a:P), (b:P) RETURN collect(DISTINCT a.name + b.name)",
      "MATCH (a:P) WITH collect(a) AS all RETURN [x IN all | [y IN all | x.name + y.name]]",
      "MATCH (a:P) WITH collect(a.name) AS all UNWIND all AS x UNWIND all AS y UNWIND all AS z "
      "RETURN x, y, z ORDER BY z, y, x",
      "UNWIND range(1, 1000000000) AS i RETURN collect(i)",
      "UNWIND range(1, 1000000000) AS i RETURN i ORDER BY -i",
      "UNWIND range(1, 1000000000) AS i RETURN DISTINCT i",
      "UNWIND range(1, 1000000000) AS i WITH i % 100000007 AS key, count(*) AS n RETURN max(n)",
      "RETURN size(range(1, 10000000000))",
      "RETURN [i IN range(1, 1000000000) | toString(i)]",
      "RETURN size([i IN range(1, 100000) | range(1, 100000)])",
      "RETURN all(i IN range(1, 1000000000) WHERE i > 0)",
      "WITH range(1, 1000000) AS r RETURN r + r + r + r + r + r + r + r + r + r + r + r + r + r + "
      "r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r + r",
      "UNWIND range(1, 40) AS i WITH collect('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS l "
      "UNWIND l AS a UNWIND l AS b UNWIND l AS c UNWIND l AS d UNWIND l AS e "
      "RETURN collect(a + b + c + d + e)",
      "UNWIND range(1, 100000000) AS i CREATE (:Q {n: i})",
      "UNWIND range(1, 100000000) AS i MERGE (:Q {n: i})",
      "MATCH (a:P), (b:P) CREATE (a)-[:likes {why: 'because'}]->(b)",
      "MATCH (a:P), (b:P) SET a.best = b.name",
      "MATCH (a:P), (b:P) RETURN percentileDisc(a.age * b.age, 0.5)",
      "MATCH (a:P), (b:P), (c:P) RETURN a.age, lag(b.age) OVER (ORDER BY a.age, b.age, c.age)",
      "MATCH LAST 1000000000 (a:P)-[f:knows]->(b)-[g:knows]->(c)-[h:knows]->(d) "
      "RETURN a, b, c, d, f, g, h",
      "UNWIND buckets(@0001..9999, 'day') AS d UNWIND buckets(@0001..9999, 'day') AS e "
      "RETURN collect(d), collect(e)",
      "RETURN size(windows(@0001..9999, @PT1H, @PT1S))",
      "MATCH (a:P) WHERE EXISTS { MATCH (b:P), (c:P), (d:P) WHERE b.name + c.name + d.name = a.age "
      "RETURN b } RETURN a",
      "MATCH (a:P), (b:P), (c:P) RETURN a UNION MATCH (a:P), (b:P), (c:P) RETURN b AS a",
      "MATCH (a:P), (b:P) WITH a, collect(b) AS bs RETURN collect(bs), collect({all: bs})",
  };
  return statements;
}

}  // namespace fasti::torture
