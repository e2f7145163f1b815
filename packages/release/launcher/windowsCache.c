/*
 * Invariants:
 * 1. A folder has its last name only when it is whole: it is written under another name and renamed.
 * 2. Under a name that begins with `new-` nobody works who has not the lock, so who has it may remove them all.
 * 3. A file is hashed through the handle that keeps others from writing and replacing it, and that stays open.
 */
#include "windows.h"

#include <aclapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unpack.h"

enum { THREAD_LIMIT = 4, LOCK_TRIES = 1200, PAUSE_MILLISECONDS = 50, RENAME_TRIES = 40 };

/* In units of 100 ns. */
static const ULONGLONG thirty_days = 30ULL * 24 * 60 * 60 * 10000000;

struct place {
  /* Without the prefix that lifts the limit of 260 letters; file functions get it with that. */
  wchar_t versions[WIDE_LIMIT];
  wchar_t id[128];
};

struct check {
  const struct pack *pack;
  const struct unpacked *unpacked;
  volatile LONG next;
  volatile LONG failed;
};

static wchar_t *join(wchar_t *out, const wchar_t *folder, const wchar_t *name) {
  _snwprintf(out, WIDE_LIMIT - 1, L"%ls\\%ls", folder, name);
  return out;
}

static const wchar_t *longest(wchar_t *out, const wchar_t *path) {
  _snwprintf(out, WIDE_LIMIT - 1, wcsncmp(path, L"\\\\", 2) == 0 ? L"%ls" : L"\\\\?\\%ls", path);
  return out;
}

static void file_path(wchar_t *out, const wchar_t *folder, const struct pack_file *file) {
  _snwprintf(out, WIDE_LIMIT - 1, L"%ls\\%hs", folder, file->path);
  for (wchar_t *at = out + wcslen(folder); *at != L'\0'; at++) *at = *at == L'/' ? L'\\' : *at;
}

static bool is_ours(HANDLE file) {
  static union { TOKEN_USER user; TOKEN_OWNER owner; char bytes[512]; } user, owner;
  PSID found = NULL;
  PSECURITY_DESCRIPTOR descriptor = NULL;
  HANDLE token;
  DWORD length;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
  /* An administrator's files belong to the administrators. */
  bool good = GetTokenInformation(token, TokenUser, &user, sizeof user, &length) &&
              GetTokenInformation(token, TokenOwner, &owner, sizeof owner, &length) &&
              GetSecurityInfo(file, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &found, NULL, NULL, NULL, &descriptor) == 0;
  good = good && (EqualSid(found, user.user.User.Sid) || EqualSid(found, owner.owner.Owner));
  if (descriptor != NULL) LocalFree(descriptor);
  CloseHandle(token);
  return good;
}

/* A folder, no junction and no link, of this user's. */
static bool is_own_folder(const wchar_t *path, bool make) {
  static wchar_t full[WIDE_LIMIT];
  if (make) CreateDirectoryW(longest(full, path), NULL);
  const HANDLE folder = CreateFileW(longest(full, path), READ_CONTROL | FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  BY_HANDLE_FILE_INFORMATION known;
  if (folder == INVALID_HANDLE_VALUE) return false;
  const bool good = GetFileInformationByHandle(folder, &known) && (known.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
                    (known.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0 && is_ours(folder);
  CloseHandle(folder);
  return good;
}

static bool is_segment(const struct check *check, uint32_t index, uint64_t segment, uint8_t *buffer) {
  const struct pack_file *known = &check->pack->files[index];
  const uint64_t start = segment * SEGMENT_SIZE, left = known->size - start;
  const size_t length = (size_t)(left < SEGMENT_SIZE ? left : SEGMENT_SIZE);
  uint8_t digest[DIGEST_SIZE];
  if (!windows_read_at(check->unpacked->files[index], buffer, length, start)) return false;
  pack_digest(buffer, length, digest);
  return memcmp(digest, known->digests + segment * DIGEST_SIZE, DIGEST_SIZE) == 0;
}

static bool is_file(const struct check *check, uint32_t index, uint8_t *buffer) {
  bool good = true;
  for (uint64_t i = 0; good && i < pack_segments(check->pack->files[index].size); i++) good = is_segment(check, index, i, buffer);
  return good;
}

static DWORD WINAPI work(void *argument) {
  struct check *check = argument;
  const LONG files = (LONG)check->pack->count - 1;
  const LONG jobs = files + (LONG)pack_segments(check->pack->files[0].size);
  uint8_t *buffer = malloc(SEGMENT_SIZE);
  if (buffer == NULL) InterlockedIncrement(&check->failed);
  while (check->failed == 0) {
    const LONG job = InterlockedIncrement(&check->next) - 1;
    if (job >= jobs) break;
    const bool good = job < files ? is_file(check, (uint32_t)job + 1, buffer)
                                  : is_segment(check, 0, (uint64_t)(job - files), buffer);
    if (!good) InterlockedIncrement(&check->failed);
  }
  free(buffer);
  return 0;
}

static void work_together(struct check *check) {
  SYSTEM_INFO system;
  HANDLE threads[THREAD_LIMIT];
  DWORD started = 0;
  GetSystemInfo(&system);
  while (started + 1 < system.dwNumberOfProcessors && started + 1 < THREAD_LIMIT &&
         (threads[started] = CreateThread(NULL, 0, work, check, 0, NULL)) != NULL) {
    started++;
  }
  work(check);
  if (started > 0) WaitForMultipleObjects(started, threads, TRUE, INFINITE);
  for (DWORD i = 0; i < started; i++) CloseHandle(threads[i]);
}

static bool hold_file(struct unpacked *unpacked, const struct pack *pack, uint32_t index, const wchar_t *folder) {
  static wchar_t path[WIDE_LIMIT], full[WIDE_LIMIT];
  LARGE_INTEGER size;
  BY_HANDLE_FILE_INFORMATION known;
  file_path(path, folder, &pack->files[index]);
  const HANDLE file = CreateFileW(longest(full, path), GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  unpacked->files[index] = file;
  return file != INVALID_HANDLE_VALUE && GetFileInformationByHandle(file, &known) &&
         (known.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0 && GetFileSizeEx(file, &size) &&
         (uint64_t)size.QuadPart == pack->files[index].size && is_ours(file);
}

static void let_go(struct unpacked *unpacked, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (unpacked->files[i] != NULL && unpacked->files[i] != INVALID_HANDLE_VALUE) CloseHandle(unpacked->files[i]);
    unpacked->files[i] = NULL;
  }
}

static bool use(const struct place *place, struct program *program, struct unpacked *unpacked) {
  join(unpacked->path, place->versions, place->id);
  struct check check = {.pack = &program->pack, .unpacked = unpacked};
  bool good = is_own_folder(unpacked->path, false);
  for (uint32_t i = 0; good && i < program->pack.count; i++) good = hold_file(unpacked, &program->pack, i, unpacked->path);
  if (good) work_together(&check);
  good = good && check.failed == 0;
  if (!good) let_go(unpacked, program->pack.count);
  return good;
}

static void remove_tree(const wchar_t *path, int depth) {
  wchar_t *name = malloc(WIDE_LIMIT * sizeof *name), *full = malloc(WIDE_LIMIT * sizeof *full);
  WIN32_FIND_DATAW found;
  if (name != NULL && full != NULL && depth > 0) {
    join(name, path, L"*");
    const HANDLE search = FindFirstFileW(longest(full, name), &found);
    for (bool more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
      if (wcscmp(found.cFileName, L".") == 0 || wcscmp(found.cFileName, L"..") == 0) continue;
      const bool isFolder = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
      const bool isLink = (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
      join(name, path, found.cFileName);
      if (isFolder && !isLink) remove_tree(name, depth - 1);
      else if (isFolder) RemoveDirectoryW(longest(full, name));
      else DeleteFileW(longest(full, name));
    }
    if (search != INVALID_HANDLE_VALUE) FindClose(search);
    RemoveDirectoryW(longest(full, path));
  }
  free(name);
  free(full);
}

static HANDLE take_lock(const struct place *place) {
  static wchar_t path[WIDE_LIMIT], full[WIDE_LIMIT];
  join(path, place->versions, L"lock");
  for (int i = 0; i < LOCK_TRIES; i++) {
    const HANDLE lock = CreateFileW(longest(full, path), GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);
    if (lock != INVALID_HANDLE_VALUE || GetLastError() != ERROR_SHARING_VIOLATION) return lock;
    Sleep(PAUSE_MILLISECONDS);
  }
  return INVALID_HANDLE_VALUE;
}

/* Whatever looks through new files for harm has them open for a moment. */
static bool rename_folder(const wchar_t *from, const wchar_t *to) {
  static wchar_t full_from[WIDE_LIMIT], full_to[WIDE_LIMIT];
  for (int i = 0; i < RENAME_TRIES; i++) {
    if (MoveFileExW(longest(full_from, from), longest(full_to, to), 0)) return true;
    if (GetLastError() != ERROR_ACCESS_DENIED && GetLastError() != ERROR_SHARING_VIOLATION) return false;
    if (GetFileAttributesW(full_to) != INVALID_FILE_ATTRIBUTES) return false;
    Sleep(PAUSE_MILLISECONDS);
  }
  return false;
}

static void new_name(wchar_t *out, const struct place *place, const wchar_t *kind) {
  LARGE_INTEGER count;
  QueryPerformanceCounter(&count);
  _snwprintf(out, WIDE_LIMIT - 1, L"%ls\\new-%lx-%llx%ls", place->versions, GetCurrentProcessId(), count.QuadPart, kind);
}

/* A version whose files are open cannot be renamed, so none that runs is removed. */
static void prune(const struct place *place) {
  static wchar_t pattern[WIDE_LIMIT], full[WIDE_LIMIT], path[WIDE_LIMIT], away[WIDE_LIMIT];
  WIN32_FIND_DATAW found;
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  join(pattern, place->versions, L"*");
  const HANDLE search = FindFirstFileW(longest(full, pattern), &found);
  for (bool more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
    const ULONGLONG age = (((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime) -
                          (((ULONGLONG)found.ftLastWriteTime.dwHighDateTime << 32) | found.ftLastWriteTime.dwLowDateTime);
    const bool is_version = found.cFileName[0] >= L'0' && found.cFileName[0] <= L'9' && wcscmp(found.cFileName, place->id) != 0;
    join(path, place->versions, found.cFileName);
    if (wcsncmp(found.cFileName, L"new-", 4) == 0) {
      remove_tree(path, 16);
    } else if (is_version && age > thirty_days && age < thirty_days * 1000) {
      new_name(away, place, L"-old");
      if (rename_folder(path, away)) remove_tree(away, 16);
    }
  }
  if (search != INVALID_HANDLE_VALUE) FindClose(search);
}

static bool write_file(const wchar_t *folder, const struct pack_file *file, const uint8_t *content) {
  static wchar_t path[WIDE_LIMIT], full[WIDE_LIMIT];
  file_path(path, folder, file);
  for (wchar_t *at = path + wcslen(folder) + 1; *at != L'\0'; at++) {
    if (*at != L'\\') continue;
    *at = L'\0';
    CreateDirectoryW(longest(full, path), NULL);
    *at = L'\\';
  }
  const HANDLE out = CreateFileW(longest(full, path), GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
  bool good = out != INVALID_HANDLE_VALUE;
  for (uint64_t done = 0; good && done < file->size;) {
    const uint64_t left = file->size - done;
    DWORD written = 0;
    good = WriteFile(out, content + done, left > SEGMENT_SIZE ? SEGMENT_SIZE : (DWORD)left, &written, NULL) && written > 0;
    done += written;
  }
  const DWORD error = GetLastError();
  if (out != INVALID_HANDLE_VALUE) CloseHandle(out);
  SetLastError(error);
  return good;
}

static uint8_t *unpacked_content(struct program *program) {
  const struct slot *slot = &program->slot;
  uint8_t *packed = malloc((size_t)slot->data_size);
  uint8_t *content = VirtualAlloc(NULL, (size_t)program->pack.size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  if (packed == NULL || content == NULL) {
    windows_say(program, L"there is no memory to unpack %llu MB", program->pack.size / 1000000);
  } else if (windows_read_at(program->file, packed, (size_t)slot->data_size, slot->table_offset + slot->table_size) &&
             unpack(&program->pack, packed, (size_t)slot->data_size, content)) {
    free(packed);
    return content;
  } else {
    windows_say(program, L"%ls is damaged: download it again", program->path);
  }
  free(packed);
  if (content != NULL) VirtualFree(content, 0, MEM_RELEASE);
  return NULL;
}

static bool write_new(const struct place *place, struct program *program) {
  static wchar_t name[WIDE_LIMIT], id[WIDE_LIMIT], old[WIDE_LIMIT], full[WIDE_LIMIT];
  uint8_t *content = unpacked_content(program);
  if (content == NULL) return false;
  new_name(name, place, L"");
  bool good = CreateDirectoryW(longest(full, name), NULL);
  for (uint32_t i = 0; good && i < program->pack.count; i++) {
    good = write_file(name, &program->pack.files[i], content + program->pack.files[i].offset);
  }
  VirtualFree(content, 0, MEM_RELEASE);
  if (!good) windows_say(program, L"%ls: %llu MB could not be written (error %lu)", place->versions, program->pack.size / 1000000 + 1, GetLastError());
  join(id, place->versions, place->id);
  if (good && !rename_folder(name, id)) {
    new_name(old, place, L"-old");
    good = rename_folder(id, old) && rename_folder(name, id);
    remove_tree(old, 16);
    if (!good) windows_say(program, L"%ls: the unpacked files could not be put in place (error %lu)", place->versions, GetLastError());
  }
  if (!good) remove_tree(name, 16);
  return good;
}

static bool open_versions(struct place *place, struct program *program) {
  static wchar_t base[WIDE_LIMIT], product[WIDE_LIMIT];
  if (GetEnvironmentVariableW(L"CLAUDE_ORCHESTRATOR_CACHE_DIR", base, WIDE_LIMIT) == 0 &&
      GetEnvironmentVariableW(L"LOCALAPPDATA", base, WIDE_LIMIT) == 0) {
    return windows_say(program, L"there is no LOCALAPPDATA to unpack into");
  }
  if (!(base[0] != L'\0' && base[1] == L':') && wcsncmp(base, L"\\\\", 2) != 0) {
    return windows_say(program, L"the folder to unpack into is not an absolute path: %ls", base);
  }
  CreateDirectoryW(base, NULL);
  join(product, base, L"claude-orchestrator");
  join(place->versions, product, L"executable");
  _snwprintf(place->id, 127, L"%hs", (const char *)program->slot.id);
  if (is_own_folder(product, true) && is_own_folder(place->versions, true)) return true;
  return windows_say(program, L"%ls cannot be made, is a link, or belongs to somebody else", place->versions);
}

bool windows_find(struct program *program, struct unpacked *unpacked) {
  static struct place place;
  if (!open_versions(&place, program)) return false;
  if (use(&place, program, unpacked)) return true;
  const HANDLE lock = take_lock(&place);
  /* Whoever had the lock before us has unpacked them. */
  bool good = use(&place, program, unpacked);
  if (!good) {
    if (lock != INVALID_HANDLE_VALUE) prune(&place);
    good = write_new(&place, program);
    if (good && !use(&place, program, unpacked)) good = windows_say(program, L"%ls: what was unpacked is not there any more", unpacked->path);
  }
  if (lock != INVALID_HANDLE_VALUE) CloseHandle(lock);
  return good;
}
