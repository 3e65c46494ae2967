// The web page's files, put into the binary at compile time.
#ifndef PLENARY_CPAGE_H
#define PLENARY_CPAGE_H

#include <stddef.h>

/// One file of the page: `path` as a browser asks for it, `type` as its Content-Type, `bytes` and their count.
struct page_file {
    const char *path;
    const char *type;
    const unsigned char *bytes;
    size_t count;
};

/// All files of the page, in the order of their paths; `page_file_count` of them.
extern const struct page_file page_files[];
extern const size_t page_file_count;

/// The file at an index below `page_file_count`, else null: Swift cannot read an array of unknown length.
const struct page_file *page_file_at(size_t index);

#endif
