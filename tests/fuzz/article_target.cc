#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tools/ingest/read/article.h"

// Articles in every form: a file is refused, or what it gives is text.

namespace fasti::fuzz {

absl::Status FuzzArticle(absl::string_view input) {
  constexpr const char* kNames[] = {"a.txt", "a.html", "a.jsonl", "meta.jsonl"};
  Draw draw(input);
  const size_t form = draw.Below(std::size(kNames));
  const TemporaryFolder folder;
  const std::string path = folder.File(kNames[form]);
  WriteFile(path, draw.Rest());
  if (form == 3) {
    const absl::Status read = ingest::MetadataTable::Read(path).status();
    return read.ok() || absl::IsInvalidArgument(read) ? absl::OkStatus() : read;
  }
  const absl::StatusOr<std::vector<ingest::Article>> articles = ingest::ReadArticles(path, {});
  if (absl::IsInvalidArgument(articles.status())) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(articles.status());
  for (const ingest::Article& article : *articles) {
    const ingest::ArticleMetadata& data = article.metadata;
    if (absl::StripAsciiWhitespace(article.text).empty()) return Broken("an article without text");
    if (article.body_begin > article.text.size()) return Broken("a body behind its text");
    for (const std::string& text :
         {article.text, article.text.substr(article.body_begin), article.name, data.language,
          data.url, data.publisher, data.title}) {
      if (FindInvalidUtf8(text).has_value()) return Broken("'", text, "' is no text");
    }
    if (data.published.has_value() && !data.published->has_start()) {
      return Broken("an article that was published at no time");
    }
  }
  return absl::OkStatus();
}

}  // namespace fasti::fuzz
