/* libFuzzer inside Node: an addon whose run() feeds a JavaScript function with libFuzzer's inputs. What the function's
 * instrumented code counts in counters() is the coverage that guides it.
 *
 *   counters() -> Uint8Array
 *   run(arguments: string[], used: number, target: (input: Uint8Array) => void)        on this thread
 *   runAside(arguments, used, target: (input: Uint8Array, done: (failed: boolean) => void) => void)   on its own
 *
 * libFuzzer ends the process itself: with 0 after its last input, with another code after a failure, and then the input
 * stands in a file. A target fails by throwing, or by done(true). */
#include <node_api.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
void __sanitizer_cov_8bit_counters_init(uint8_t *begin, uint8_t *end);
void __sanitizer_cov_pcs_init(const uintptr_t *begin, const uintptr_t *end);

enum { MOST_COUNTERS = 1 << 16, MOST_ARGUMENTS = 64 };
static uint8_t counters[MOST_COUNTERS];
static uintptr_t places[2 * MOST_COUNTERS]; /* libFuzzer wants a place and a flag for each counter; any place will do */
static char *arguments[MOST_ARGUMENTS + 1];
static int argument_count;

static napi_env env;
static napi_ref target;
static napi_threadsafe_function post;
static sem_t answered;
static struct {
    const uint8_t *data;
    size_t size;
    int failed;
} aside;

/* The linker sends libFuzzer's exit() here: Node's own end is not made to run while a target is on the stack. */
void __wrap_exit(int code) {
    fflush(NULL);
    _exit(code);
}

static napi_value input_array(napi_env e, const uint8_t *data, size_t size) {
    void *bytes;
    napi_value buffer, array;
    napi_create_arraybuffer(e, size, &bytes, &buffer);
    if (size) memcpy(bytes, data, size);
    napi_create_typedarray(e, napi_uint8_array, size, buffer, 0, &array);
    return array;
}

static int test_here(const uint8_t *data, size_t size) {
    napi_handle_scope scope;
    napi_value function, global, result, input;
    napi_open_handle_scope(env, &scope);
    napi_get_reference_value(env, target, &function);
    napi_get_global(env, &global);
    input = input_array(env, data, size);
    if (napi_call_function(env, global, function, 1, &input, &result) != napi_ok)
        abort(); /* libFuzzer's handler tells */
    napi_close_handle_scope(env, scope);
    return 0;
}

static napi_value done(napi_env e, napi_callback_info info) {
    size_t count = 1;
    napi_value failed;
    bool yes = true;
    napi_get_cb_info(e, info, &count, &failed, NULL, NULL);
    napi_get_value_bool(e, failed, &yes);
    aside.failed = yes;
    sem_post(&answered);
    return NULL;
}

static void call_target(napi_env e, napi_value function, void *context, void *data) {
    (void)context, (void)data;
    napi_value global, given[2], result;
    napi_get_global(e, &global);
    given[0] = input_array(e, aside.data, aside.size);
    napi_create_function(e, "done", NAPI_AUTO_LENGTH, done, NULL, &given[1]);
    if (napi_call_function(e, global, function, 2, given, &result) != napi_ok) aside.failed = 1, sem_post(&answered);
}

static int test_aside(const uint8_t *data, size_t size) {
    aside.data = data, aside.size = size, aside.failed = 0;
    napi_call_threadsafe_function(post, NULL, napi_tsfn_blocking);
    while (sem_wait(&answered)) {} /* an alarm interrupts it */
    if (aside.failed) abort();
    return 0;
}

static void *drive_aside(void *unused) {
    char **argv = arguments;
    (void)unused;
    __wrap_exit(LLVMFuzzerRunDriver(&argument_count, &argv, test_aside));
    return NULL;
}

/* Reads run()'s arguments, the target into `function`. */
static void prepare(napi_env e, napi_callback_info info, napi_value *function) {
    size_t count = 3;
    napi_value given[3], item;
    uint32_t length = 0, used = 0;
    napi_get_cb_info(e, info, &count, given, NULL, NULL);
    napi_get_array_length(e, given[0], &length);
    if (length > MOST_ARGUMENTS) abort();
    for (uint32_t i = 0; i < length; i++) {
        size_t size;
        napi_get_element(e, given[0], i, &item);
        napi_get_value_string_utf8(e, item, NULL, 0, &size);
        arguments[i] = malloc(size + 1);
        napi_get_value_string_utf8(e, item, arguments[i], size + 1, &size);
    }
    argument_count = (int)length;
    napi_get_value_uint32(e, given[1], &used);
    if (used > MOST_COUNTERS) abort();
    for (uint32_t i = 0; i < used; i++) places[2 * i] = (uintptr_t)&counters[i];
    __sanitizer_cov_8bit_counters_init(counters, counters + used);
    __sanitizer_cov_pcs_init(places, places + 2 * used);
    *function = given[2];
}

static napi_value run(napi_env e, napi_callback_info info) {
    napi_value function;
    char **argv = arguments;
    prepare(e, info, &function);
    env = e;
    napi_create_reference(e, function, 1, &target);
    __wrap_exit(LLVMFuzzerRunDriver(&argument_count, &argv, test_here));
    return NULL;
}

static napi_value run_aside(napi_env e, napi_callback_info info) {
    napi_value function, name;
    pthread_t thread;
    sigset_t alarms;
    prepare(e, info, &function);
    sem_init(&answered, 0, 0);
    napi_create_string_utf8(e, "fuzz", NAPI_AUTO_LENGTH, &name);
    napi_create_threadsafe_function(e, function, NULL, name, 0, 1, NULL, NULL, NULL, call_target, &post);
    sigemptyset(&alarms), sigaddset(&alarms, SIGALRM);
    if (pthread_create(&thread, NULL, drive_aside, NULL)) abort();
    pthread_sigmask(SIG_BLOCK, &alarms, NULL); /* libFuzzer looks at its clock on its own thread alone */
    return NULL;
}

static napi_value shown_counters(napi_env e, napi_callback_info info) {
    napi_value buffer, array;
    (void)info;
    napi_create_external_arraybuffer(e, counters, sizeof counters, NULL, NULL, &buffer);
    napi_create_typedarray(e, napi_uint8_array, sizeof counters, buffer, 0, &array);
    return array;
}

NAPI_MODULE_INIT() {
    const struct {
        const char *name;
        napi_callback call;
    } functions[] = {{"run", run}, {"runAside", run_aside}, {"counters", shown_counters}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        napi_value function;
        napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function);
        napi_set_named_property(env, exports, functions[i].name, function);
    }
    return exports;
}
