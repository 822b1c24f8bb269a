#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/text/document.h"
#include "tools/ingest/text/resources.h"

// Articles to facts, without a database: the annotated articles of the tests in one language, again
// and again, in one thread.  Items are sentences.

namespace fasti::ingest {
namespace {

std::vector<Article> ArticlesIn(const std::string& language) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::recursive_directory_iterator(FASTI_ARTICLES)) {
    if (file.path().extension() == ".txt" && file.path().parent_path().filename() == language) {
      paths.push_back(file.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Article> articles;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    Article& article = articles.emplace_back();
    article.name = std::filesystem::path(path).filename().string();
    article.text.assign(std::istreambuf_iterator<char>(file), {});
    article.metadata.language = language;
  }
  FASTI_CHECK(!articles.empty());
  return articles;
}

void Extract(benchmark::State& state, const std::string& language) {
  const std::vector<Article> articles = ArticlesIn(language);
  const auto resources = Resources::Load("");
  FASTI_CHECK(resources.ok());
  int64_t sentences = 0, bytes = 0;
  for (const Article& article : articles) {
    const auto document = Analyze(article.text, {language, 0}, *resources);
    FASTI_CHECK(document.ok());
    sentences += static_cast<int64_t>(document->sentences.size());
    bytes += static_cast<int64_t>(article.text.size());
  }
  const auto extractor = Extractor::Create({.check_examples = false});
  FASTI_CHECK(extractor.ok());
  FASTI_CHECK((*extractor)->Extract(articles.front()).ok());  // reads the language's files
  for (auto _ : state) {
    for (const Article& article : articles) {
      auto extraction = (*extractor)->Extract(article);
      FASTI_CHECK(extraction.ok());
      benchmark::DoNotOptimize(extraction);
    }
  }
  state.SetItemsProcessed(state.iterations() * sentences);
  state.SetBytesProcessed(state.iterations() * bytes);
}

const bool registered = [] {
  for (const std::string language : {"de", "en", "es", "fr", "it"}) {
    benchmark::RegisterBenchmark(absl::StrCat("Extract/", language).c_str(), Extract, language)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace fasti::ingest
