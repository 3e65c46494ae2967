// C23 #embed keeps the page in the binary without a resource bundle and without minutes of compilation.
#include "CPage.h"

static const unsigned char index_html[] = {
#embed "page/index.html"
};

const struct page_file page_files[] = {
    {"/", "text/html; charset=utf-8", index_html, sizeof index_html},
};

const size_t page_file_count = sizeof page_files / sizeof page_files[0];
