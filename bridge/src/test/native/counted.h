/*
 * Counts what a library has allocated and not freed, exactly: compiled before its source (-include counted.h), so that every
 * malloc and calloc of the library's own is one of these, and none of anybody else's.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_llong counted_live, counted_all;

static inline void *counted(void *memory) {
    if (memory != NULL) atomic_fetch_add(&counted_live, 1), atomic_fetch_add(&counted_all, 1);
    return memory;
}

static inline void *counted_malloc(size_t size) {
    return counted(malloc(size));
}

static inline void *counted_calloc(size_t count, size_t size) {
    return counted(calloc(count, size));
}

static inline void counted_free(void *memory) {
    if (memory != NULL) atomic_fetch_sub(&counted_live, 1);
    free(memory);
}

#define malloc counted_malloc
#define calloc counted_calloc
#define free counted_free
#define realloc there_is_no_counted_realloc
#define strdup there_is_no_counted_strdup

/* How many pieces are live, and how many there were. */
__attribute__((visibility("default"))) void CountedAllocations(long long *counts) {
    counts[0] = atomic_load(&counted_live);
    counts[1] = atomic_load(&counted_all);
}

#endif
