// C23 #embed keeps the page in the binary without a resource bundle and without minutes of compilation.
#include "CPage.h"

static const unsigned char account_js[] = {
#embed "page/account.js"
};

static const unsigned char app_js[] = {
#embed "page/app.js"
};

static const unsigned char ask_js[] = {
#embed "page/ask.js"
};

static const unsigned char attendance_css[] = {
#embed "page/attendance.css"
};

static const unsigned char attendance_js[] = {
#embed "page/attendance.js"
};

static const unsigned char attendancepanel_js[] = {
#embed "page/attendancepanel.js"
};

static const unsigned char calls_js[] = {
#embed "page/calls.js"
};

static const unsigned char channels_js[] = {
#embed "page/channels.js"
};

static const unsigned char chat_css[] = {
#embed "page/chat.css"
};

static const unsigned char chat_js[] = {
#embed "page/chat.js"
};

static const unsigned char chatrules_js[] = {
#embed "page/chatrules.js"
};

static const unsigned char clock_js[] = {
#embed "page/clock.js"
};

static const unsigned char composer_js[] = {
#embed "page/composer.js"
};

static const unsigned char connection_js[] = {
#embed "page/connection.js"
};

static const unsigned char csv_js[] = {
#embed "page/csv.js"
};

static const unsigned char dom_js[] = {
#embed "page/dom.js"
};

static const unsigned char drafts_js[] = {
#embed "page/drafts.js"
};

static const unsigned char edits_js[] = {
#embed "page/edits.js"
};

static const unsigned char emoji_js[] = {
#embed "page/emoji.js"
};

static const unsigned char header_js[] = {
#embed "page/header.js"
};

static const unsigned char help_js[] = {
#embed "page/help.js"
};

static const unsigned char hosting_js[] = {
#embed "page/hosting.js"
};

static const unsigned char index_html[] = {
#embed "page/index.html"
};

static const unsigned char keeping_js[] = {
#embed "page/keeping.js"
};

static const unsigned char link_js[] = {
#embed "page/link.js"
};

static const unsigned char live_js[] = {
#embed "page/live.js"
};

static const unsigned char marking_js[] = {
#embed "page/marking.js"
};

static const unsigned char messages_js[] = {
#embed "page/messages.js"
};

static const unsigned char minutes_js[] = {
#embed "page/minutes.js"
};

static const unsigned char notices_js[] = {
#embed "page/notices.js"
};

static const unsigned char opening_js[] = {
#embed "page/opening.js"
};

static const unsigned char outbox_js[] = {
#embed "page/outbox.js"
};

static const unsigned char own_js[] = {
#embed "page/own.js"
};

static const unsigned char peoplelist_js[] = {
#embed "page/peoplelist.js"
};

static const unsigned char person_js[] = {
#embed "page/person.js"
};

static const unsigned char picture_js[] = {
#embed "page/picture.js"
};

static const unsigned char plan_js[] = {
#embed "page/plan.js"
};

static const unsigned char register_js[] = {
#embed "page/register.js"
};

static const unsigned char rooms_css[] = {
#embed "page/rooms.css"
};

static const unsigned char rooms_js[] = {
#embed "page/rooms.js"
};

static const unsigned char roomtools_js[] = {
#embed "page/roomtools.js"
};

static const unsigned char roster_js[] = {
#embed "page/roster.js"
};

static const unsigned char round_js[] = {
#embed "page/round.js"
};

static const unsigned char sentences_js[] = {
#embed "page/sentences.js"
};

static const unsigned char session_css[] = {
#embed "page/session.css"
};

static const unsigned char session_js[] = {
#embed "page/session.js"
};

static const unsigned char sleep_js[] = {
#embed "page/sleep.js"
};

static const unsigned char start_js[] = {
#embed "page/start.js"
};

static const unsigned char storage_js[] = {
#embed "page/storage.js"
};

static const unsigned char style_css[] = {
#embed "page/style.css"
};

static const unsigned char talks_js[] = {
#embed "page/talks.js"
};

static const unsigned char tools_js[] = {
#embed "page/tools.js"
};

static const unsigned char typing_js[] = {
#embed "page/typing.js"
};

static const unsigned char words_js[] = {
#embed "page/words.js"
};

static const unsigned char you_js[] = {
#embed "page/you.js"
};

const struct page_file page_files[] = {
    {"/", "text/html; charset=utf-8", index_html, sizeof index_html},
    {"/account.js", "text/javascript; charset=utf-8", account_js, sizeof account_js},
    {"/app.js", "text/javascript; charset=utf-8", app_js, sizeof app_js},
    {"/ask.js", "text/javascript; charset=utf-8", ask_js, sizeof ask_js},
    {"/attendance.css", "text/css; charset=utf-8", attendance_css, sizeof attendance_css},
    {"/attendance.js", "text/javascript; charset=utf-8", attendance_js, sizeof attendance_js},
    {"/attendancepanel.js", "text/javascript; charset=utf-8", attendancepanel_js, sizeof attendancepanel_js},
    {"/calls.js", "text/javascript; charset=utf-8", calls_js, sizeof calls_js},
    {"/channels.js", "text/javascript; charset=utf-8", channels_js, sizeof channels_js},
    {"/chat.css", "text/css; charset=utf-8", chat_css, sizeof chat_css},
    {"/chat.js", "text/javascript; charset=utf-8", chat_js, sizeof chat_js},
    {"/chatrules.js", "text/javascript; charset=utf-8", chatrules_js, sizeof chatrules_js},
    {"/clock.js", "text/javascript; charset=utf-8", clock_js, sizeof clock_js},
    {"/composer.js", "text/javascript; charset=utf-8", composer_js, sizeof composer_js},
    {"/connection.js", "text/javascript; charset=utf-8", connection_js, sizeof connection_js},
    {"/csv.js", "text/javascript; charset=utf-8", csv_js, sizeof csv_js},
    {"/dom.js", "text/javascript; charset=utf-8", dom_js, sizeof dom_js},
    {"/drafts.js", "text/javascript; charset=utf-8", drafts_js, sizeof drafts_js},
    {"/edits.js", "text/javascript; charset=utf-8", edits_js, sizeof edits_js},
    {"/emoji.js", "text/javascript; charset=utf-8", emoji_js, sizeof emoji_js},
    {"/header.js", "text/javascript; charset=utf-8", header_js, sizeof header_js},
    {"/help.js", "text/javascript; charset=utf-8", help_js, sizeof help_js},
    {"/hosting.js", "text/javascript; charset=utf-8", hosting_js, sizeof hosting_js},
    {"/keeping.js", "text/javascript; charset=utf-8", keeping_js, sizeof keeping_js},
    {"/link.js", "text/javascript; charset=utf-8", link_js, sizeof link_js},
    {"/live.js", "text/javascript; charset=utf-8", live_js, sizeof live_js},
    {"/marking.js", "text/javascript; charset=utf-8", marking_js, sizeof marking_js},
    {"/messages.js", "text/javascript; charset=utf-8", messages_js, sizeof messages_js},
    {"/minutes.js", "text/javascript; charset=utf-8", minutes_js, sizeof minutes_js},
    {"/notices.js", "text/javascript; charset=utf-8", notices_js, sizeof notices_js},
    {"/opening.js", "text/javascript; charset=utf-8", opening_js, sizeof opening_js},
    {"/outbox.js", "text/javascript; charset=utf-8", outbox_js, sizeof outbox_js},
    {"/own.js", "text/javascript; charset=utf-8", own_js, sizeof own_js},
    {"/peoplelist.js", "text/javascript; charset=utf-8", peoplelist_js, sizeof peoplelist_js},
    {"/person.js", "text/javascript; charset=utf-8", person_js, sizeof person_js},
    {"/picture.js", "text/javascript; charset=utf-8", picture_js, sizeof picture_js},
    {"/plan.js", "text/javascript; charset=utf-8", plan_js, sizeof plan_js},
    {"/register.js", "text/javascript; charset=utf-8", register_js, sizeof register_js},
    {"/rooms.css", "text/css; charset=utf-8", rooms_css, sizeof rooms_css},
    {"/rooms.js", "text/javascript; charset=utf-8", rooms_js, sizeof rooms_js},
    {"/roomtools.js", "text/javascript; charset=utf-8", roomtools_js, sizeof roomtools_js},
    {"/roster.js", "text/javascript; charset=utf-8", roster_js, sizeof roster_js},
    {"/round.js", "text/javascript; charset=utf-8", round_js, sizeof round_js},
    {"/sentences.js", "text/javascript; charset=utf-8", sentences_js, sizeof sentences_js},
    {"/session.css", "text/css; charset=utf-8", session_css, sizeof session_css},
    {"/session.js", "text/javascript; charset=utf-8", session_js, sizeof session_js},
    {"/sleep.js", "text/javascript; charset=utf-8", sleep_js, sizeof sleep_js},
    {"/start.js", "text/javascript; charset=utf-8", start_js, sizeof start_js},
    {"/storage.js", "text/javascript; charset=utf-8", storage_js, sizeof storage_js},
    {"/style.css", "text/css; charset=utf-8", style_css, sizeof style_css},
    {"/talks.js", "text/javascript; charset=utf-8", talks_js, sizeof talks_js},
    {"/tools.js", "text/javascript; charset=utf-8", tools_js, sizeof tools_js},
    {"/typing.js", "text/javascript; charset=utf-8", typing_js, sizeof typing_js},
    {"/words.js", "text/javascript; charset=utf-8", words_js, sizeof words_js},
    {"/you.js", "text/javascript; charset=utf-8", you_js, sizeof you_js},
};

const size_t page_file_count = sizeof page_files / sizeof page_files[0];

const struct page_file *page_file_at(size_t index) {
    return index < page_file_count ? &page_files[index] : NULL;
}
