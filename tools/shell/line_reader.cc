#include "tools/shell/line_reader.h"

#include <fcntl.h>
#include <histedit.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/shell/display.h"

namespace fasti::shell {
namespace {

constexpr int kHistorySize = 1000;

// The longest text with which every candidate begins.
std::string CommonPrefix(const std::vector<std::string>& words) {
  std::string prefix = words.front();
  for (const std::string& word : words) {
    size_t same = 0;
    while (same < prefix.size() && same < word.size() && prefix[same] == word[same]) ++same;
    prefix.resize(same);
  }
  return prefix;
}

}  // namespace

struct LineReader::Editor {
  EditLine* line = nullptr;
  History* history = nullptr;
  std::string history_file;
  std::string prompt;
  std::function<Completion(absl::string_view)> complete;

  static Editor* Of(EditLine* line) {
    void* data = nullptr;
    el_get(line, EL_CLIENTDATA, &data);
    return static_cast<Editor*>(data);
  }

  static char* Prompt(EditLine* line) { return Of(line)->prompt.data(); }

  static unsigned char CompleteWord(EditLine* line, int) {
    const LineInfo* info = el_line(line);
    const absl::string_view text(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    const Completion completion = Of(line)->complete(text);
    if (completion.candidates.empty()) return CC_REFRESH_BEEP;
    const std::string common = completion.candidates.size() == 1
                                   ? completion.candidates.front()
                                   : CommonPrefix(completion.candidates);
    const size_t typed = text.size() - completion.begin;
    if (completion.candidates.size() == 1 || common.size() > typed) {
      // Replaced rather than appended to: a candidate may differ from what was typed in case.
      el_deletestr(line, static_cast<int>(typed));
      el_insertstr(line, common.c_str());
      return CC_REFRESH;
    }
    // Names come out of articles.
    const std::string list = EscapeControls(absl::StrJoin(completion.candidates, "  "));
    std::printf("\n%s\n", list.c_str());
    return CC_REDISPLAY;
  }
};

LineReader::LineReader(std::string history_file,
                       std::function<Completion(absl::string_view)> complete)
    : editor_(std::make_unique<Editor>()) {
  editor_->history_file = std::move(history_file);
  editor_->complete = std::move(complete);
  editor_->line = el_init("fasti", stdin, stdout, stderr);
  editor_->history = history_init();
  HistEvent event;
  history(editor_->history, &event, H_SETSIZE, kHistorySize);
  history(editor_->history, &event, H_SETUNIQUE, 1);
  if (!editor_->history_file.empty()) {
    history(editor_->history, &event, H_LOAD, editor_->history_file.c_str());
  }
  EditLine* line = editor_->line;
  el_set(line, EL_CLIENTDATA, editor_.get());
  el_set(line, EL_PROMPT, &Editor::Prompt);
  el_set(line, EL_EDITOR, "emacs");
  el_set(line, EL_HIST, history, editor_->history);
  el_set(line, EL_ADDFN, "fasti-complete", "complete the word", &Editor::CompleteWord);
  el_set(line, EL_BIND, "^I", "fasti-complete", nullptr);
  el_set(line, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_source(line, nullptr);  // the user's own ~/.editrc
}

LineReader::~LineReader() {
  if (!editor_->history_file.empty()) {
    // Created for its owner only before anything is written into it.
    const int file = open(editor_->history_file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) {
      close(file);
      HistEvent event;
      history(editor_->history, &event, H_SAVE, editor_->history_file.c_str());
    }
  }
  history_end(editor_->history);
  el_end(editor_->line);
}

LineReader::Outcome LineReader::Read(absl::string_view prompt, std::string* line) {
  editor_->prompt = std::string(prompt);
  int size = 0;
  errno = 0;
  const char* text = el_gets(editor_->line, &size);
  if (text == nullptr || size <= 0) {
    const bool interrupted = errno == EINTR;
    el_reset(editor_->line);
    return interrupted ? Outcome::kInterrupted : Outcome::kEnd;
  }
  line->assign(text, static_cast<size_t>(size));
  while (!line->empty() && (line->back() == '\n' || line->back() == '\r')) line->pop_back();
  return Outcome::kLine;
}

void LineReader::Remember(absl::string_view statement) {
  std::string text(statement);
  // One line of history per statement, unless a comment runs to the end of one of its lines.
  if (text.find("//") == std::string::npos) {
    for (char& c : text) {
      if (c == '\n') c = ' ';
    }
  }
  HistEvent event;
  history(editor_->history, &event, H_ENTER, text.c_str());
}

}  // namespace fasti::shell
