/* Two GPUs that answer as those of a driver do: a discrete one, and one that shares the memory of its host. Layouts are those of nvml.h. */
#include <string.h>

enum { SUCCESS, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9, LIB_RM_VERSION_MISMATCH = 18 };

typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory_v2;
typedef struct { unsigned long long total, free, used; } memory_v1;
typedef struct { unsigned pid; unsigned long long used; unsigned gpu, compute; } process;

#ifndef INIT
#define INIT SUCCESS
#endif

int nvmlInit_v2(void) { return INIT; }
const char *nvmlErrorString(int status) { return status == LIB_RM_VERSION_MISMATCH ? "Driver/library version mismatch" : "Unknown Error"; }
int nvmlSystemGetDriverVersion(char *text, unsigned length) { strncpy(text, "580.159.04", length); return SUCCESS; }
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12090; return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 3; return SUCCESS; }

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device)
{
    *device = (void *)(long)(index + 1);
    /* The last has fallen off the bus. */
    return index == 2 ? 15 : SUCCESS;
}

int nvmlDeviceGetName(void *device, char *text, unsigned length) { strncpy(text, device == (void *)1 ? "NVIDIA H100 80GB HBM3" : "NVIDIA GB10", length); return SUCCESS; }
int nvmlDeviceGetUUID(void *device, char *text, unsigned length) { strncpy(text, (long)device > 100 ? device == (void *)101 ? "MIG-1" : "MIG-2" : "GPU-1", length); return SUCCESS; }

/* The first is divided in two, with a place between them that is empty. */
int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *count) { *count = device == (void *)1 ? 3 : 0; return SUCCESS; }
int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **part) { *part = (void *)(long)(101 + index / 2); return index == 1 ? 6 : SUCCESS; }
int nvmlDeviceGetGpuInstanceId(void *part, unsigned *id) { *id = part == (void *)101 ? 1 : 2; return SUCCESS; }
int nvmlDeviceGetComputeInstanceId(void *part, unsigned *id) { *id = 0; return SUCCESS; }

#ifdef OLD
int nvmlDeviceGetMemoryInfo(void *device, memory_v1 *memory) { *memory = (memory_v1){ 80, 77, 3 }; return SUCCESS; }
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *reasons) { *reasons = 0x20; return SUCCESS; }
#else
int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *memory)
{
    if (device != (void *)1)
        return NOT_SUPPORTED;
    if (memory->version != (sizeof *memory | 2u << 24))
        return 25;
    memory->total = 80ull << 30, memory->reserved = 1, memory->free = 2, memory->used = 5ull << 30;
    return SUCCESS;
}

int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) { *millijoules = 5000000000250ull; return SUCCESS; }
int nvmlDeviceGetCurrentClocksEventReasons(void *device, unsigned long long *reasons) { *reasons = 0x4 | 0x1; return SUCCESS; }

/* More than there is room for at first. */
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process *found)
{
    unsigned room = *count;
    *count = 40;
    if (room < 40)
        return INSUFFICIENT_SIZE;
    for (unsigned i = 0; i < 40; i++)
        found[i] = (process){ 1000 + i, i == 39 ? ~0ull : (6ull << 30) + i, ~0u, ~0u };
    return SUCCESS;
}
#endif

int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) { rates[0] = 97, rates[1] = 12; return SUCCESS; }
int nvmlDeviceGetTemperature(void *device, unsigned sensor, unsigned *degrees) { *degrees = sensor == 0 ? 61 : 0; return SUCCESS; }
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) { *milliwatts = 689447; return device == (void *)1 ? SUCCESS : NOT_SUPPORTED; }
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) { *milliwatts = 700000; return device == (void *)1 ? SUCCESS : NOT_SUPPORTED; }
int nvmlDeviceGetClockInfo(void *device, unsigned type, unsigned *megahertz) { *megahertz = type == 1 ? 1485 : 0; return SUCCESS; }
int nvmlDeviceGetPersistenceMode(void *device, unsigned *mode) { *mode = 1; return SUCCESS; }
int nvmlDeviceGetEccMode(void *device, unsigned *now, unsigned *next) { *now = 1, *next = 0; return device == (void *)1 ? SUCCESS : NOT_SUPPORTED; }
int nvmlDeviceGetMigMode(void *device, unsigned *now, unsigned *next) { *now = 0, *next = 1; return device == (void *)1 ? SUCCESS : NOT_SUPPORTED; }
