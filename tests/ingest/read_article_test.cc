#include "tools/ingest/read/article.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"
#include "tools/ingest/read/date_header.h"
#include "tools/ingest/read/html.h"

namespace fasti::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ReadArticleTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = folder_.File(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  TemporaryFolder folder_;
};

TEST_F(ReadArticleTest, PlainTextIsReadUnchanged) {
  const std::string text = "Titolo\r\n\r\nPerché sì.\n";
  const auto articles = ReadArticles(Write("a.txt", text), {});
  ASSERT_TRUE(articles.ok()) << articles.status();
  ASSERT_EQ(articles->size(), 1u);
  EXPECT_EQ((*articles)[0].name, "a.txt");
  EXPECT_EQ((*articles)[0].text, text);
  EXPECT_EQ((*articles)[0].body_begin, 0u);
}

TEST_F(ReadArticleTest, WhatIsNoTextIsRefusedWithOneClearMessage) {
  struct Case {
    const char* name;
    std::string bytes;
    const char* message;
  };
  const Case kCases[] = {
      {"empty.txt", "", "expected text, found none"},
      {"blank.txt", " \n\t\n", "expected text, found none"},
      {"binary.txt", std::string("MZ\x90", 3), "byte 2: not valid UTF-8"},
      {"nul.txt", std::string("ab\0c", 4), "byte 2: expected text, found a binary file"},
      {"latin.txt", "Perch\xE9 no", "byte 5: not valid UTF-8"},
      {"cut.txt", "abc \xE2\x82", "byte 4: not valid UTF-8"},
      {"surrogate.txt", "a\xED\xA0\x80", "byte 1: not valid UTF-8"},
  };
  for (const Case& c : kCases) {
    const absl::Status status = ReadArticles(Write(c.name, c.bytes), {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.name;
    EXPECT_THAT(status.message(), HasSubstr(c.message)) << c.name;
  }
  EXPECT_EQ(ReadArticles(folder_.File("none.txt"), {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_THAT(ReadArticles(folder_.path(), {}).status().message(), HasSubstr("expected a file"));
}

TEST_F(ReadArticleTest, AFileMayHave256MebibytesAndNoMore) {
  const std::string path = Write("holes.txt", "");
  for (const uintmax_t beyond : {0, 1}) {
    // Zeros that take no place on the disk.
    std::filesystem::resize_file(path, (uintmax_t{256} << 20) + beyond);
    const absl::Status status = ReadArticles(path, {}).status();
    EXPECT_THAT(status.message(), HasSubstr(beyond == 0 ? "expected text, found a binary file"
                                                        : "at most 268435456 bytes, found more"));
  }
}

TEST_F(ReadArticleTest, MetadataIsFoundByFileName) {
  const auto table = MetadataTable::Read(Write(
      "meta.jsonl",
      R"({"article": "a.txt", "lang": "it", "published": null, "report_date": "2025-08", "bytes": 3})"
      "\n\n"
      R"({"article": "b.txt", "language": "fr", "published": "2025-06-12", "url": "http://x/b"})"));
  ASSERT_TRUE(table.ok()) << table.status();
  const auto a = ReadArticles(Write("a.txt", "Testo."), *table);
  ASSERT_TRUE(a.ok()) << a.status();
  EXPECT_EQ((*a)[0].metadata.language, "it");
  EXPECT_FALSE((*a)[0].metadata.published.has_value());
  EXPECT_EQ(FormatPeriod(*(*a)[0].metadata.report_date), "2025-08");
  EXPECT_EQ(FormatPeriod(*table->Find("b.txt")->published), "2025-06-12");
  EXPECT_EQ(table->Find("b.txt")->url, "http://x/b");
  EXPECT_EQ(table->Find("c.txt"), nullptr);
}

TEST_F(ReadArticleTest, BadMetadataNamesTheLine) {
  const struct {
    const char* text;
    const char* message;
  } kCases[] = {
      {"{\"article\": \"a\"}\n{oops", "meta.jsonl:2: expected a JSON object"},
      {"{\"lang\": \"it\"}", "meta.jsonl:1: expected a field 'article'"},
      {"{\"article\": \"a\", \"lang\": 3}", "meta.jsonl:1: field 'lang': expected a string"},
      {"{\"article\": \"a\", \"published\": \"soon\"}", "meta.jsonl:1: field 'published': "},
      {"{\"article\": \"a\"}\n{\"article\": \"a\"}", "meta.jsonl:2: 'a' occurs a second time"},
      {"[1]", "meta.jsonl:1: expected a JSON object"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(MetadataTable::Read(Write("meta.jsonl", c.text)).status().message(),
                HasSubstr(c.message))
        << c.text;
  }
}

TEST_F(ReadArticleTest, JsonLinesHoldOneArticleEach) {
  const auto articles = ReadArticles(
      Write("many.jsonl",
            "{\"text\": \"Primo \\u00e8 qui.\", \"lang\": \"it\", \"published\": \"2025-06\"}\n"
            "{\"text\": \"Second.\", \"article\": \"second.txt\", \"publisher\": \"X\"}\n"),
      {});
  ASSERT_TRUE(articles.ok()) << articles.status();
  ASSERT_EQ(articles->size(), 2u);
  EXPECT_EQ((*articles)[0].name, "many.jsonl:1");
  EXPECT_EQ((*articles)[0].text, "Primo è qui.");
  EXPECT_EQ((*articles)[1].name, "second.txt");
  EXPECT_EQ((*articles)[1].metadata.publisher, "X");
  EXPECT_THAT(ReadArticles(Write("none.jsonl", "{\"lang\": \"it\"}"), {}).status().message(),
              HasSubstr("none.jsonl:1: field 'text': expected text"));
}

TEST_F(ReadArticleTest, BadLinesOfJsonLinesAreRejectedEachForItself) {
  const struct {
    std::string line;
    const char* reason;
  } kBad[] = {
      {"{oops", "expected a JSON object: "},
      {"[1]", "expected a JSON object: "},
      {"{\"text\": \"a\xff\"}", "byte 11: not valid UTF-8"},
      {std::string("{\"text\": \"a\0\"}", 14), "byte 11: expected text, found a binary file"},
      {R"({"text": "a\u0000"})", "field 'text': byte 1: expected text, found a binary file"},
      {R"({"text": "\ud800"})", "expected a JSON object: "},
      {R"({"text": 3})", "field 'text': expected a string"},
      {R"({"text": " "})", "field 'text': expected text, found none"},
      {R"({"text": "a", "published": "2025-02-30"})", "field 'published': "},
      {R"({"text": "a", "published": "0000"})", "field 'published': "},
      {R"({"text": "a", "published": "?"})", "field 'published': period at byte 1: "},
      {R"({"text": "a", "published": "?..2025"})", "field 'published': expected a date"},
      {R"({"text": "a", "x": 1e400})", "expected a JSON object: "},
      {R"({"text": "a", "x": NaN})", "expected a JSON object: "},
      {R"({"text": "a"} {"text": "b"})", "expected a JSON object: "},
      {"{\"text\": \"a\", \"x\": " + std::string(5000, '[') + std::string(5000, ']') + "}",
       "expected a JSON object: "},
  };
  // Behind a byte order mark, with a blank line, and a good line in front of each bad one.
  std::string text = "\xEF\xBB\xBF\r\n";
  for (const auto& bad : kBad) {
    absl::StrAppend(&text, "{\"text\": \"good\"}\r\n", bad.line, "\r\n");
  }
  const std::string path = Write("many.jsonl", text);
  std::vector<RejectedLine> rejected;
  const auto articles = ReadArticles(path, {}, &rejected);
  ASSERT_TRUE(articles.ok()) << articles.status();
  EXPECT_EQ(articles->size(), std::size(kBad));
  ASSERT_EQ(rejected.size(), std::size(kBad));
  for (size_t i = 0; i < rejected.size(); ++i) {
    EXPECT_EQ(rejected[i].place, absl::StrCat(path, ":", 3 + 2 * i));
    EXPECT_THAT(rejected[i].reason, testing::StartsWith(kBad[i].reason)) << kBad[i].line;
    EXPECT_EQ(rejected[i].text, kBad[i].line);
    EXPECT_EQ((*articles)[i].name, absl::StrCat("many.jsonl:", 2 + 2 * i));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ReadArticles(path, {}).status()));
}

TEST_F(ReadArticleTest, DateHeaderIsTakenForTheDateOfPublication) {
  const struct {
    const char* text;
    const char* published;  // "" if there is none
    uint32_t end;
  } kCases[] = {
      {" date 2025-06 Di fronte", "2025-06", 14},
      {"Date: 2025-06-12\n\nTitle", "2025-06-12", 18},
      {"Meta 2025-06-12-13 x", "", 0},
      {"In 2025 Meta grew", "", 0},
      {"date 2025-13 Meta", "", 0},
      {"date 2025-06", "", 0},
      {"Meta grew", "", 0},
      {"2025-06 Meta", "", 0},
      {"", "", 0},
  };
  for (const auto& c : kCases) {
    const auto header = FindDateHeader(c.text);
    ASSERT_EQ(header.has_value(), *c.published != '\0') << c.text;
    if (!header) continue;
    EXPECT_EQ(FormatPeriod(header->published), c.published) << c.text;
    EXPECT_EQ(header->end, c.end) << c.text;
  }
}

TEST_F(ReadArticleTest, HtmlGivesMainTextAndWhatTheHeadSays) {
  const char* kPage = R"(<!doctype html><html lang="fr"><head><title>Accord - Journal</title>
    <meta property="og:title" content="Meta signe un accord">
    <meta property="og:site_name" content="Journal">
    <meta property="article:published_time" content="2025-08-21T08:30:00+02:00">
    <link rel="canonical" href="https://journal.example/accord">
    <script>var x = "<p>never</p>";</script></head>
    <body><nav><ul><li>Accueil</li><li>Monde</li></ul></nav>
    <div class="teasers"><p>Autre.</p></div>
    <article><h1>Meta signe un accord</h1>
    <p>Meta a conclu un accord de <b>10&nbsp;milliards</b> avec
       Google&nbsp;Cloud.</p><aside><p>Lire aussi</p></aside>
    <p>Il dure six ans &amp; plus.</p></article>
    <footer><p>Mentions légales</p></footer></body></html>)";
  const auto articles = ReadArticles(Write("page.html", kPage), {});
  ASSERT_TRUE(articles.ok()) << articles.status();
  const Article& article = (*articles)[0];
  EXPECT_EQ(article.text,
            "Meta signe un accord\n\n"
            "Meta a conclu un accord de 10\xC2\xA0milliards avec Google\xC2\xA0"
            "Cloud.\n\n"
            "Il dure six ans & plus.");
  EXPECT_EQ(article.metadata.language, "fr");
  EXPECT_EQ(article.metadata.title, "Meta signe un accord");
  EXPECT_EQ(article.metadata.publisher, "Journal");
  EXPECT_EQ(article.metadata.url, "https://journal.example/accord");
  EXPECT_EQ(FormatPeriod(*article.metadata.published), "2025-08-21");
}

TEST_F(ReadArticleTest, HtmlInAnotherEncodingBecomesUtf8) {
  const auto article = ReadHtml(
      "<html><head><meta charset=\"iso-8859-1\"></head><body><p>Perch\xE9 no</p></body></html>",
      "p");
  ASSERT_TRUE(article.ok()) << article.status();
  EXPECT_EQ(article->text, "Perché no");
}

TEST_F(ReadArticleTest, HtmlWithoutTextIsRefused) {
  EXPECT_THAT(ReadArticles(Write("x.html", "<html><body><script>1</script></body></html>"), {})
                  .status()
                  .message(),
              HasSubstr("expected text in the page"));
}

}  // namespace
}  // namespace fasti::ingest
