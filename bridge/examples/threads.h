/* Threads and locks under one name on both sides. */
#ifndef EXAMPLE_THREADS_H
#define EXAMPLE_THREADS_H

#if defined(_WIN32)
#include <windows.h>
typedef SRWLOCK lock_t;
typedef HANDLE thread_t;
#define LOCK_INIT SRWLOCK_INIT
#define THREAD_FUNCTION DWORD WINAPI
#define THREAD_END 0
static inline void lock(lock_t *l) { AcquireSRWLockExclusive(l); }
static inline void unlock(lock_t *l) { ReleaseSRWLockExclusive(l); }
static inline int start(thread_t *t, LPTHREAD_START_ROUTINE f, void *p) {
    *t = CreateThread(NULL, 0, f, p, 0, NULL);
    return *t != NULL;
}
static inline void join(thread_t t) {
    WaitForSingleObject(t, INFINITE);
    CloseHandle(t);
}
#else
#include <pthread.h>
typedef pthread_mutex_t lock_t;
typedef pthread_t thread_t;
#define LOCK_INIT PTHREAD_MUTEX_INITIALIZER
#define THREAD_FUNCTION void *
#define THREAD_END NULL
static inline void lock(lock_t *l) { pthread_mutex_lock(l); }
static inline void unlock(lock_t *l) { pthread_mutex_unlock(l); }
static inline int start(thread_t *t, void *(*f)(void *), void *p) { return pthread_create(t, NULL, f, p) == 0; }
static inline void join(thread_t t) { pthread_join(t, NULL); }
#endif

#endif
