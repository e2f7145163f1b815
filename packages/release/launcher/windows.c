/*
 * `claude-orchestrator.exe`: as main.c, but Windows cannot become another program. This one stays until Node ends, keeps what it has
 * checked from being changed, and ends Node with itself. What Node starts is not bound to it: a run goes on without its terminal.
 */
#include "windows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_MACHINE = 1 };

static const wchar_t entry_name[] = L"dist\\cli.mjs";
static const wchar_t advice[] =
    L"hint: set CLAUDE_ORCHESTRATOR_CACHE_DIR to a folder of your own with 130 MB of room, from which programs may be started";

bool windows_say(struct program *program, const wchar_t *format, ...) {
  va_list words;
  va_start(words, format);
  _vsnwprintf(program->trouble, TROUBLE_LIMIT - 1, format, words);
  va_end(words);
  return false;
}

/* A console takes wide letters whatever its code page is; a file or a pipe gets UTF-8. */
static void tell(const wchar_t *text) {
  const HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
  DWORD mode, written;
  if (GetConsoleMode(out, &mode)) {
    WriteConsoleW(out, text, (DWORD)wcslen(text), &written, NULL);
    return;
  }
  static char bytes[4 * TROUBLE_LIMIT];
  const int length = WideCharToMultiByte(CP_UTF8, 0, text, (int)wcslen(text), bytes, sizeof bytes, NULL, NULL);
  WriteFile(out, bytes, (DWORD)length, &written, NULL);
}

static int give_up(const struct program *program) {
  tell(L"error: ");
  tell(program->trouble);
  if (wcsstr(program->trouble, L"damaged") == NULL) {
    tell(L"\r\n\r\n");
    tell(advice);
  }
  tell(L"\r\n");
  return EXIT_MACHINE;
}

bool windows_read_at(HANDLE file, void *buffer, size_t length, uint64_t offset) {
  for (size_t done = 0; done < length;) {
    OVERLAPPED place = {0};
    place.Offset = (DWORD)(offset + done);
    place.OffsetHigh = (DWORD)((offset + done) >> 32);
    const size_t left = length - done;
    DWORD read = 0;
    if (!ReadFile(file, (char *)buffer + done, left > SEGMENT_SIZE ? SEGMENT_SIZE : (DWORD)left, &read, &place)) return false;
    if (read == 0) return false;
    done += read;
  }
  return true;
}

static bool open_program(struct program *program) {
  const DWORD length = GetModuleFileNameW(NULL, program->path, WIDE_LIMIT);
  program->file = CreateFileW(program->path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
  if (length == 0 || program->file == INVALID_HANDLE_VALUE) return windows_say(program, L"this program's own file cannot be opened");
  program->slot = launcher_slot;
  const struct slot *slot = &program->slot;
  LARGE_INTEGER size;
  uint8_t *table = NULL;
  if (GetFileSizeEx(program->file, &size) && slot->table_offset > 0 && slot->table_size < PACK_LIMIT &&
      slot->data_size < PACK_LIMIT && slot->table_offset + slot->table_size + slot->data_size <= (uint64_t)size.QuadPart &&
      (table = malloc((size_t)slot->table_size)) != NULL &&
      windows_read_at(program->file, table, (size_t)slot->table_size, slot->table_offset)) {
    uint8_t digest[DIGEST_SIZE];
    pack_digest(table, (size_t)slot->table_size, digest);
    if (memcmp(digest, slot->table_digest, DIGEST_SIZE) == 0 && pack_parse(table, (size_t)slot->table_size, &program->pack)) {
      return true;
    }
  }
  free(table);
  return windows_say(program, L"%ls is damaged: download it again", program->path);
}

/* What follows the program's name, letter for letter: nothing is quoted anew. */
static const wchar_t *words_of(const wchar_t *line) {
  bool quoted = false;
  for (; *line != L'\0' && (quoted || (*line != L' ' && *line != L'\t')); line++) quoted ^= *line == L'"';
  return line;
}

static HANDLE make_job(void) {
  const HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
  if (job != NULL) SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return job;
}

/* Node sits at the same console and hears of it itself. */
static BOOL WINAPI leave_to_node(DWORD event) {
  (void)event;
  return TRUE;
}

static bool run(struct program *program, const struct unpacked *unpacked, DWORD *code) {
  static wchar_t runtime[WIDE_LIMIT], line[WIDE_LIMIT];
  _snwprintf(runtime, WIDE_LIMIT - 1, L"%ls\\%hs", unpacked->path, program->pack.files[0].path);
  const int length = _snwprintf(line, WIDE_LIMIT - 1, L"\"%ls\" \"%ls\\%ls\"%ls", program->path, unpacked->path, entry_name,
                                words_of(GetCommandLineW()));
  if (length < 0) return windows_say(program, L"the command line is too long");
  STARTUPINFOW startup;
  PROCESS_INFORMATION process;
  GetStartupInfoW(&startup);
  SetConsoleCtrlHandler(leave_to_node, TRUE);
  if (!CreateProcessW(runtime, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process)) {
    return windows_say(program, L"%ls could not be started (error %lu)", runtime, GetLastError());
  }
  const HANDLE job = make_job();
  if (job != NULL) AssignProcessToJobObject(job, process.hProcess);
  ResumeThread(process.hThread);
  WaitForSingleObject(process.hProcess, INFINITE);
  return GetExitCodeProcess(process.hProcess, code) || windows_say(program, L"Node's end could not be read");
}

int wmain(void) {
  static struct program program;
  static struct unpacked unpacked;
  DWORD code = EXIT_MACHINE;
  if (!open_program(&program) || !windows_find(&program, &unpacked) || !run(&program, &unpacked, &code)) {
    return give_up(&program);
  }
  return (int)code;
}
