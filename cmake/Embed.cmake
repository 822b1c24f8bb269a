# Writes a C++ source with the text of resource files:
#   cmake -DROOT=folder -DOUTPUT=file.cc -P Embed.cmake
# Every *.txt in a folder of ROOT becomes one entry of EmbeddedFiles().
file(GLOB files RELATIVE ${ROOT} ${ROOT}/*/*.txt)
list(SORT files)
set(entries "")
foreach(path IN LISTS files)
  file(READ ${ROOT}/${path} text)
  string(APPEND entries "    {\"${path}\", R\"~~~(${text})~~~\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"tools/ingest/text/embedded.h\"

namespace fasti::ingest {
namespace {
constexpr EmbeddedFile kFiles[] = {
${entries}};
}  // namespace

absl::Span<const EmbeddedFile> EmbeddedFiles() { return kFiles; }

}  // namespace fasti::ingest
")
