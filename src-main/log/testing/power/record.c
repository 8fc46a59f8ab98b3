/*
 * Loaded before libc into a process under test: writes down what that process does to the files of one folder
 * (POWER_DIR), in order, into a file elsewhere (POWER_RECORD), so that the folder can be built as it would be after a
 * power cut at any moment. One line of text per operation, followed by the bytes of a write:
 *
 *   open ID PATH | create ID PATH | write ID OFFSET LENGTH | truncate ID LENGTH | sync ID | syncdir PATH
 *   rename FROM TO | link FROM TO | unlink PATH
 *
 * As long as there is a file POWER_FAULT, what would write to the folder fails instead, as it says: ENOSPC (the disk is
 * full), EROFS (it may only be read) or EIO.
 *
 * PATH is relative to the folder; ID names a file for as long as it exists, whatever it is called.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FDS 65536
#define FILES 65536

static pthread_mutex_t guard = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *folder;
static size_t folder_length;
static int record = -1;
static const char *fault_file;
/* Of each descriptor: the file it is open on, 0 for none of ours, -1 for a directory. */
static int file_of[FDS];
static char *directory_of[FDS];
static ino_t inode_of[FILES];
static int files = 0;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_rename)(const char *, const char *);
static int (*real_link)(const char *, const char *);
static int (*real_unlink)(const char *);

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  real_write = next("write");
  real_pwrite = next("pwrite64");
  real_open = next("open64");
  real_close = next("close");
  real_fsync = next("fsync");
  real_fdatasync = next("fdatasync");
  real_ftruncate = next("ftruncate64");
  real_rename = next("rename");
  real_link = next("link");
  real_unlink = next("unlink");
  folder = getenv("POWER_DIR");
  fault_file = getenv("POWER_FAULT");
  if (folder != NULL) folder_length = strlen(folder);
  const char *path = getenv("POWER_RECORD");
  if (folder == NULL || path == NULL) return;
  record = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The path within the folder, or NULL for one elsewhere. */
static const char *within(const char *path) {
  if (folder == NULL || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
  const char *rest = path + folder_length;
  if (*rest == '\0') return ".";
  return *rest == '/' ? rest + 1 : NULL;
}

static void all(const void *bytes, size_t length) {
  if (record < 0) return;
  const char *at = bytes;
  while (length > 0) {
    ssize_t done = real_write(record, at, length);
    if (done <= 0) abort();
    at += done;
    length -= (size_t)done;
  }
}

/* Sets errno and says so when what would write is to fail now. */
static int fails(void) {
  if (fault_file == NULL) return 0;
  int fd = real_open(fault_file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char name[8] = "";
  if (read(fd, name, sizeof name - 1) < 0) name[0] = '\0';
  real_close(fd);
  errno = strncmp(name, "EROFS", 5) == 0 ? EROFS : strncmp(name, "EIO", 3) == 0 ? EIO : ENOSPC;
  return 1;
}

static void note(const char *format, ...) {
  if (record < 0) return;
  char line[8192];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (length < 0 || length >= (int)sizeof line) abort();
  all(line, (size_t)length);
}

static void wrote(int id, off_t offset, const void *bytes, ssize_t length) {
  note("write %d %lld %zd\n", id, (long long)offset, length);
  all(bytes, (size_t)length);
}

static int known(ino_t inode) {
  for (int id = files; id > 0; id--)
    if (inode_of[id] == inode) return id;
  return 0;
}

static int opened(int fd, const char *path, int flags, int existed) {
  const char *name = within(path);
  if (fd < 0 || fd >= FDS || name == NULL) return fd;
  int error = errno;
  struct stat about;
  pthread_mutex_lock(&guard);
  if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
    file_of[fd] = -1;
    directory_of[fd] = strdup(name);
  } else {
    int id = existed ? known(about.st_ino) : 0;
    if (id == 0) {
      if (files + 1 >= FILES) abort();
      id = ++files;
      inode_of[id] = about.st_ino;
      note("%s %d %s\n", existed ? "open" : "create", id, name);
    }
    file_of[fd] = id;
    if (existed && (flags & O_TRUNC)) note("truncate %d 0\n", id);
  }
  pthread_mutex_unlock(&guard);
  errno = error;
  return fd;
}

static int exists(const char *path) {
  struct stat about;
  int error = errno;
  int found = within(path) != NULL && stat(path, &about) == 0;
  errno = error;
  return found;
}

/* Writing to a disk that may only be read begins with an open; a full one has room for names. */
static int refused(const char *path, int flags) {
  return within(path) != NULL && (flags & O_ACCMODE) != O_RDONLY && fails() && errno == EROFS;
}

#define OPEN(name)                                        \
  int name(const char *path, int flags, ...) {            \
    va_list args;                                         \
    va_start(args, flags);                                \
    int mode = va_arg(args, int);                         \
    va_end(args);                                         \
    int existed = exists(path);                           \
    if (refused(path, flags)) return -1;                  \
    return opened(real_open(path, flags, mode), path, flags, existed); \
  }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...) {
  static int (*real)(int, const char *, int, ...);
  if (real == NULL) real = next("openat64");
  va_list args;
  va_start(args, flags);
  int mode = va_arg(args, int);
  va_end(args);
  int existed = exists(path);
  if (refused(path, flags)) return -1;
  return opened(real(at, path, flags, mode), path, flags, existed);
}

int close(int fd) {
  pthread_mutex_lock(&guard);
  if (fd >= 0 && fd < FDS) {
    file_of[fd] = 0;
    free(directory_of[fd]);
    directory_of[fd] = NULL;
  }
  int result = real_close(fd);
  pthread_mutex_unlock(&guard);
  return result;
}

static int id_of(int fd) { return fd >= 0 && fd < FDS ? file_of[fd] : 0; }

ssize_t write(int fd, const void *bytes, size_t length) {
  int id = id_of(fd);
  if (id <= 0) return real_write(fd, bytes, length);
  if (fails()) return -1;
  pthread_mutex_lock(&guard);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  if (fcntl(fd, F_GETFL) & O_APPEND) offset = lseek(fd, 0, SEEK_END);
  ssize_t done = real_write(fd, bytes, length);
  if (done > 0) wrote(id, offset, bytes, done);
  pthread_mutex_unlock(&guard);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  int id = id_of(fd);
  if (id <= 0) return real_pwrite(fd, bytes, length, offset);
  if (fails()) return -1;
  pthread_mutex_lock(&guard);
  ssize_t done = real_pwrite(fd, bytes, length, offset);
  if (done > 0) wrote(id, offset, bytes, done);
  pthread_mutex_unlock(&guard);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

int ftruncate64(int fd, off_t length) {
  /* A hole needs no room. */
  if (id_of(fd) > 0 && fails() && errno != ENOSPC) return -1;
  pthread_mutex_lock(&guard);
  int result = real_ftruncate(fd, length);
  if (result == 0 && id_of(fd) > 0) note("truncate %d %lld\n", id_of(fd), (long long)length);
  pthread_mutex_unlock(&guard);
  return result;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(int fd, int (*real)(int)) {
  pthread_mutex_lock(&guard);
  int result = real(fd);
  if (result == 0 && id_of(fd) > 0) note("sync %d\n", id_of(fd));
  if (result == 0 && id_of(fd) < 0) note("syncdir %s\n", directory_of[fd]);
  pthread_mutex_unlock(&guard);
  return result;
}
int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }

int rename(const char *from, const char *to) {
  pthread_mutex_lock(&guard);
  int result = real_rename(from, to);
  if (result == 0 && within(from) != NULL && within(to) != NULL) note("rename %s %s\n", within(from), within(to));
  pthread_mutex_unlock(&guard);
  return result;
}

int link(const char *from, const char *to) {
  pthread_mutex_lock(&guard);
  int result = real_link(from, to);
  if (result == 0 && within(from) != NULL && within(to) != NULL) note("link %s %s\n", within(from), within(to));
  pthread_mutex_unlock(&guard);
  return result;
}

int unlink(const char *path) {
  pthread_mutex_lock(&guard);
  int result = real_unlink(path);
  if (result == 0 && within(path) != NULL) note("unlink %s\n", within(path));
  pthread_mutex_unlock(&guard);
  return result;
}
