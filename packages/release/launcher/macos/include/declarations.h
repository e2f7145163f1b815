/*
 * The part of macOS's libSystem that the launcher calls, declared anew from its documented binary interface: Apple's own headers may
 * not be passed on. 64 bits only. Each header beside this one is nothing but this.
 */
#ifndef LAUNCHER_MACOS_DECLARATIONS_H
#define LAUNCHER_MACOS_DECLARATIONS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef long ssize_t;
typedef int64_t off_t;
typedef long time_t;
typedef uint16_t mode_t;
typedef uint32_t uid_t;

#ifdef __x86_64__
/* On Intel the functions of the years before 64-bit inode numbers have the plain names. */
#define INODE64(name) __asm("_" #name "$INODE64")
#else
#define INODE64(name)
#endif

struct timespec {
  time_t tv_sec;
  long tv_nsec;
};

struct stat {
  int32_t st_dev;
  mode_t st_mode;
  uint16_t st_nlink;
  uint64_t st_ino;
  uid_t st_uid;
  uint32_t st_gid;
  int32_t st_rdev;
  struct timespec st_atimespec;
  struct timespec st_mtimespec;
  struct timespec st_ctimespec;
  struct timespec st_birthtimespec;
  off_t st_size;
  int64_t st_blocks;
  int32_t st_blksize;
  uint32_t st_flags;
  uint32_t st_gen;
  int32_t st_lspare;
  int64_t st_qspare[2];
};
_Static_assert(sizeof(struct stat) == 144, "as the kernel writes it");
#define st_mtime st_mtimespec.tv_sec

struct dirent {
  uint64_t d_ino;
  uint64_t d_seekoff;
  uint16_t d_reclen;
  uint16_t d_namlen;
  uint8_t d_type;
  char d_name[1024];
};

typedef struct directory_stream DIR;
typedef struct output_stream FILE;
typedef struct thread *pthread_t;
extern FILE *__stderrp;
#define stderr __stderrp

int *__error(void);
#define errno (*__error())
#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EACCES 13
#define EEXIST 17
#define ENOTDIR 20
#define EAGAIN 35
#define EWOULDBLOCK EAGAIN
#define ELOOP 62
#define ENOTEMPTY 66

#define O_RDONLY 0x0
#define O_WRONLY 0x1
#define O_RDWR 0x2
#define O_NONBLOCK 0x4
#define O_NOFOLLOW 0x100
#define O_CREAT 0x200
#define O_EXCL 0x800
#define O_DIRECTORY 0x100000
#define O_CLOEXEC 0x1000000
#define AT_REMOVEDIR 0x80
#define F_SETFD 2
#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define S_IWGRP 0020
#define S_IWOTH 0002
#define S_ISREG(mode) (((mode) & 0170000) == 0100000)
#define PROT_READ 1
#define PROT_WRITE 2
#define MAP_PRIVATE 0x2
#define MAP_ANONYMOUS 0x1000
#define MAP_FAILED ((void *)-1)
#define _SC_NPROCESSORS_ONLN 58

int close(int file);
int closedir(DIR *stream);
int execve(const char *path, char *const argv[], char *const environment[]);
int fchmod(int file, mode_t mode);
int fcntl(int file, int command, ...);
DIR *fdopendir(int folder) INODE64(fdopendir);
int flock(int file, int operation);
int fprintf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
int fstat(int file, struct stat *status) INODE64(fstat);
int futimens(int file, const struct timespec times[2]);
int getentropy(void *buffer, size_t length);
char *getenv(const char *name);
uid_t geteuid(void);
int mkdir(const char *path, mode_t mode);
int mkdirat(int folder, const char *path, mode_t mode);
void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset);
int munmap(void *address, size_t length);
int open(const char *path, int flags, ...);
int openat(int folder, const char *path, int flags, ...);
ssize_t pread(int file, void *buffer, size_t length, off_t offset);
int pthread_create(pthread_t *thread, const void *attributes, void *(*start)(void *), void *argument);
int pthread_join(pthread_t thread, void **result);
struct dirent *readdir(DIR *stream) INODE64(readdir);
char *realpath(const char *path, char *resolved);
int renameat(int from_folder, const char *from, int to_folder, const char *to);
int snprintf(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
long sysconf(int name);
time_t time(time_t *now);
int unlinkat(int folder, const char *path, int flags);
int usleep(uint32_t microseconds);
int vsnprintf(char *buffer, size_t size, const char *format, va_list words);
ssize_t write(int file, const void *buffer, size_t length);

void *calloc(size_t count, size_t size);
void free(void *memory);
void *malloc(size_t size);
int memcmp(const void *one, const void *other, size_t length);
void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *memory, int byte, size_t length);
char *strchr(const char *text, int letter);
int strcmp(const char *one, const char *other);
char *strerror(int error);
size_t strlen(const char *text);
int strncmp(const char *one, const char *other, size_t length);
char *strrchr(const char *text, int letter);
char *strstr(const char *text, const char *part);

#endif
