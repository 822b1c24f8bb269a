#include "tools/ingest/read/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <unicode/utf8.h>

#include <map>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fasti::ingest {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

absl::string_view Name(const xmlNode* node) {
  if (node->type != XML_ELEMENT_NODE) return "";
  return reinterpret_cast<const char*>(node->name);
}

// What is no character, such as the "&#xD800;" that libxml2 hands on, becomes the sign for that.
std::string Characters(absl::string_view bytes) {
  const auto size = static_cast<int32_t>(bytes.size());
  std::string text;
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes.data(), at, size, c);
    const auto length = static_cast<size_t>(at - begin);
    absl::StrAppend(&text, c > 0 ? bytes.substr(static_cast<size_t>(begin), length) : "\uFFFD");
  }
  return text;
}

std::string Attribute(xmlNode* node, const char* name) {
  xmlChar* value = xmlGetProp(node, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return "";
  std::string text = Characters(reinterpret_cast<const char*>(value));
  xmlFree(value);
  return text;
}

template <size_t n>
bool IsOneOf(absl::string_view name, const absl::string_view (&names)[n]) {
  for (absl::string_view other : names) {
    if (name == other) return true;
  }
  return false;
}

// Never part of an article.
bool IsSkipped(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {
      "script", "style",    "nav",    "header", "footer",     "aside", "form",    "button",
      "svg",    "noscript", "iframe", "select", "figcaption", "head",  "template"};
  return IsOneOf(name, kNames);
}

// Begins a paragraph of its own.
bool IsBlock(absl::string_view name) {
  static constexpr absl::string_view kNames[] = {
      "p",  "div", "section", "article", "main", "h1", "h2", "h3",  "h4",     "h5",         "h6",
      "li", "ul",  "ol",      "table",   "tr",   "td", "th", "pre", "figure", "blockquote", "br"};
  return IsOneOf(name, kNames);
}

// The white space of a run of text as single spaces.
std::string Tidy(absl::string_view text) {
  std::string tidy = Characters(text);
  absl::RemoveExtraAsciiWhitespace(&tidy);
  return tidy;
}

// Appends the text below `node`, blocks as paragraphs.
void AppendText(const xmlNode* node, std::string& paragraph, std::string& text) {
  const auto close = [&] {
    const std::string tidy = Tidy(paragraph);
    if (!tidy.empty()) absl::StrAppend(&text, text.empty() ? "" : "\n\n", tidy);
    paragraph.clear();
  };
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_ENTITY_REF_NODE) {
      if (child->content != nullptr) {
        absl::StrAppend(&paragraph, reinterpret_cast<const char*>(child->content));
      }
      continue;
    }
    const absl::string_view name = Name(child);
    if (name.empty() || IsSkipped(name)) continue;
    const bool block = IsBlock(name);
    if (block) close();
    AppendText(child, paragraph, text);
    if (block) close();
  }
}

std::string TextOf(const xmlNode* node) {
  std::string paragraph, text;
  AppendText(node, paragraph, text);
  const std::string rest = Tidy(paragraph);
  if (!rest.empty()) absl::StrAppend(&text, text.empty() ? "" : "\n\n", rest);
  return text;
}

// Walks the page once: collects what the head says, and how much paragraph text each element holds.
class Page {
 public:
  explicit Page(xmlNode* root) { Walk(root); }

  // The element with the most text in paragraphs directly below it, or one of <article> or <main>
  // around it, so that headings and lists between the paragraphs are kept.
  const xmlNode* Main() const {
    const xmlNode* best = nullptr;
    size_t most = 0;
    for (const auto& [node, size] : paragraph_bytes_) {
      if (size > most) {
        best = node;
        most = size;
      }
    }
    for (const xmlNode* node = best; node != nullptr; node = node->parent) {
      if (Name(node) == "article" || Name(node) == "main") return node;
    }
    return best != nullptr ? best : body_;
  }

  std::map<std::string, std::string> meta;  // by property or name
  std::string language, title, canonical, time;

 private:
  void Walk(xmlNode* node) {
    for (; node != nullptr; node = node->next) {
      const absl::string_view name = Name(node);
      if (name.empty()) continue;
      Note(name, node);
      if (name == "head" || !IsSkipped(name)) Walk(node->children);
    }
  }

  void Note(absl::string_view name, xmlNode* node) {
    if (name == "html") language = Attribute(node, "lang");
    if (name == "body") body_ = node;
    if (name == "title" && title.empty()) title = TextOf(node);
    if (name == "link" && Attribute(node, "rel") == "canonical")
      canonical = Attribute(node, "href");
    if (name == "time" && time.empty()) time = Attribute(node, "datetime");
    if (name == "meta") {
      std::string key = Attribute(node, "property");
      if (key.empty()) key = Attribute(node, "name");
      if (!key.empty()) meta.try_emplace(absl::AsciiStrToLower(key), Attribute(node, "content"));
    }
    if (name == "p" && node->parent != nullptr)
      paragraph_bytes_[node->parent] += TextOf(node).size();
  }

  std::map<const xmlNode*, size_t> paragraph_bytes_;
  const xmlNode* body_ = nullptr;
};

// The day of "2025-06-12T08:00:00+02:00": the zone of the page is that of its readers.
std::optional<Period> DayOf(absl::string_view date) {
  absl::StatusOr<Period> period = ParsePeriod(date.substr(0, 10));
  if (!period.ok() || !period->has_start()) return std::nullopt;
  return *period;
}

}  // namespace

absl::StatusOr<Article> ReadHtml(absl::string_view html, absl::string_view name) {
  const bool utf8 = CheckText(html, name).ok();
  const std::unique_ptr<xmlDoc, FreeDocument> document(htmlReadMemory(
      html.data(), static_cast<int>(html.size()), nullptr, utf8 ? "UTF-8" : nullptr,
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET));
  xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr) return absl::InvalidArgumentError(absl::StrCat(name, ": not an HTML page"));

  const Page page(root);
  Article article;
  article.name = std::string(name);
  if (const xmlNode* main = page.Main()) article.text = TextOf(main);
  const auto meta = [&page](const char* key) {
    const auto it = page.meta.find(key);
    return it == page.meta.end() ? std::string() : it->second;
  };
  ArticleMetadata& data = article.metadata;
  data.language = page.language;
  data.publisher = meta("og:site_name");
  data.title = meta("og:title").empty() ? page.title : meta("og:title");
  data.url = page.canonical.empty() ? meta("og:url") : page.canonical;
  for (const std::string& date : {meta("article:published_time"), meta("datepublished"),
                                  meta("date"), meta("dc.date"), page.time}) {
    if (data.published = DayOf(date); data.published) break;
  }
  // The title often stands outside the element that holds the text.
  if (!article.text.empty() && !data.title.empty() &&
      !absl::StrContains(article.text, data.title)) {
    article.text = absl::StrCat(Tidy(data.title), "\n\n", article.text);
  }
  if (article.text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": expected text in the page, found none"));
  }
  return article;
}

}  // namespace fasti::ingest
