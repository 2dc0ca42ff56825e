#!/usr/bin/env python3
"""Does to memory and disk what a server of a language model does: reads weights from a file, takes a part of the memory that is then free for a KV cache, and
generates tokens one after the other. torch on a GPU, numpy on the CPU. Prints one line of JSON.

Measured here: the seconds of loading, and of each token, as the loop of generation sees them. Not measured: the size of the cache. `kv_cache` is
fraction x free, with what the kernel or the driver calls free at that moment, as vLLM and TensorRT-LLM do it: where page cache counts as used, it tells of other
people's files and not of this process. `kv_cache_touched` is what was written to. The answers have no meaning, as the weights are any bytes.
"""
import argparse
import json
import os
import shutil
import sys
import time

GROUP = 64 << 20


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", help="a file of float32 numbers; make one with --make BYTES")
    parser.add_argument("--make", type=int, metavar="BYTES", help="write such a file and end")
    parser.add_argument("--copy-to", metavar="FILE", help="copy the weights there first and load the copy, as a download into a container does")
    parser.add_argument("--hidden", type=int, default=1024, help="numbers in a layer's state")
    parser.add_argument("--tokens", type=int, default=64, help="tokens to generate")
    parser.add_argument("--fraction", type=float, default=0.9, help="of free memory, for the KV cache")
    parser.add_argument("--free", choices=["auto", "cuda", "memfree", "memavailable"], default="auto", help="what is asked how much is free")
    parser.add_argument("--drop-cache", action="store_true", help="give up the page cache of the loaded file before the KV cache is sized")
    parser.add_argument("--hog", type=int, default=0, metavar="BYTES", help="memory to hold for nothing, as a control that does show")
    parser.add_argument("--linger", type=float, default=0, metavar="SECONDS", help="stay that long at the end, to be looked at")
    return parser.parse_args()


def make(path, size):
    """Small numbers, so that states neither vanish nor overflow; the same ones every time."""
    import numpy

    random = numpy.random.default_rng(1)
    with open(path, "wb") as file:
        while size > 0:
            part = min(size, GROUP) // 4
            file.write((random.standard_normal(part, dtype=numpy.float32) / 32).tobytes())
            size -= max(part, 1) * 4


def give_up_cache(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def kernel_says(field):
    with open("/proc/meminfo") as file:
        for line in file:
            name, value = line.split(":")
            if name == field:
                return int(value.split()[0]) * 1024
    sys.exit("infer.py: /proc/meminfo has no " + field)


class Numpy:
    """Weights as float32 in this process's own memory, not mapped from the file."""

    number = 4

    def __init__(self, hidden):
        import numpy

        self.numpy, self.hidden = numpy, hidden
        self.name, self.library = "cpu", "numpy " + numpy.__version__

    def load(self, path):
        layers, size = [], self.hidden * self.hidden
        with open(path, "rb") as file:
            while True:
                layer = self.numpy.fromfile(file, dtype=self.numpy.float32, count=size)
                if len(layer) < size:
                    break
                layers.append(layer.reshape(self.hidden, self.hidden))
        return layers

    def free(self, how):
        if how == "cuda":
            sys.exit("infer.py: --free cuda needs torch and a GPU")
        return kernel_says("MemAvailable" if how == "memavailable" else "MemFree")

    def reserve(self, size):
        # Reserved, not touched: the kernel gives pages when they are written to.
        return self.numpy.empty(max(1, size // (self.number * self.hidden)) * self.hidden, dtype=self.numpy.float32).reshape(-1, self.hidden)

    def start(self):
        return self.numpy.full(self.hidden, 0.5, dtype=self.numpy.float32)

    def step(self, layers, state, cache, used):
        n = self.numpy
        for layer in layers:
            state = n.tanh(layer @ state)
            cache[used] = state
            used += 1
            keys = cache[max(0, used - 512) : used]
            scores = keys @ state
            scores = n.exp(scores - scores.max())
            state = n.tanh(state + (scores / scores.sum()) @ keys)
        return state, used

    def wait(self):
        pass

    def facts(self):
        return {}


class Torch(Numpy):
    """Weights as bfloat16 on the device."""

    number = 2

    def __init__(self, hidden, torch):
        self.torch, self.hidden = torch, hidden
        self.name, self.library = torch.cuda.get_device_name(), "torch " + torch.__version__

    def load(self, path):
        layers, size = [], self.hidden * self.hidden * 4
        with open(path, "rb") as file:
            while len(part := file.read(size)) == size:
                layer = self.torch.frombuffer(bytearray(part), dtype=self.torch.float32).reshape(self.hidden, self.hidden)
                layers.append(layer.to("cuda", dtype=self.torch.bfloat16))
        self.wait()
        return layers

    def free(self, how):
        return self.torch.cuda.mem_get_info()[0] if how in ("auto", "cuda") else super().free(how)

    def reserve(self, size):
        return self.torch.empty((max(1, size // (self.number * self.hidden)), self.hidden), dtype=self.torch.bfloat16, device="cuda")

    def start(self):
        return self.torch.full((self.hidden,), 0.5, dtype=self.torch.bfloat16, device="cuda")

    def step(self, layers, state, cache, used):
        for layer in layers:
            state = self.torch.tanh(layer @ state)
            cache[used] = state
            used += 1
            keys = cache[max(0, used - 512) : used]
            state = self.torch.tanh(state + self.torch.softmax(keys @ state, 0) @ keys)
        return state, used

    def wait(self):
        self.torch.cuda.synchronize()

    def facts(self):
        free, total = self.torch.cuda.mem_get_info()
        return {"torch_allocated": self.torch.cuda.max_memory_allocated(), "device_total": total, "device_used": total - free}


def backend(options):
    if options.free in ("auto", "cuda"):
        try:
            import torch

            if torch.cuda.is_available():
                return Torch(options.hidden, torch)
        except ImportError:
            pass
    return Numpy(options.hidden)


def main():
    options = arguments()
    if options.make is not None:
        make(options.weights, options.make)
        return
    device = backend(options)
    begin = time.perf_counter()
    weights = options.weights
    if options.copy_to:
        weights = shutil.copyfile(weights, options.copy_to)
    layers = device.load(weights)
    if not layers:
        sys.exit(f"infer.py: {weights} has fewer numbers than one layer of {options.hidden} by {options.hidden}")
    loaded = time.perf_counter() - begin
    hog = bytearray(options.hog)
    for page in range(0, len(hog), 4096):
        hog[page] = 1
    if options.drop_cache:
        give_up_cache(weights)
    free = device.free(options.free)
    size = int(free * options.fraction)
    cache = device.reserve(size)
    needed = options.tokens * len(layers)
    if len(cache) < needed:
        sys.exit(f"infer.py: {size} bytes of KV cache hold {len(cache)} states, and {options.tokens} tokens need {needed}")
    state, used, seconds = device.start(), 0, []
    for _ in range(options.tokens):
        begin = time.perf_counter()
        state, used = device.step(layers, state, cache, used)
        device.wait()
        seconds.append(time.perf_counter() - begin)
    time.sleep(options.linger)
    print(
        json.dumps(
            {
                "device": device.name,
                "library": device.library,
                "weights": os.path.realpath(weights),
                "weights_bytes": os.path.getsize(weights),
                "layers": len(layers),
                "load_seconds": loaded,
                "free_before_cache": free,
                "kv_cache": size,
                "kv_cache_touched": used * device.hidden * device.number,
                "tokens": options.tokens,
                "tokens_per_second": options.tokens / sum(seconds),
                "first_token_seconds": seconds[0],
                **device.facts(),
            }
        )
    )


if __name__ == "__main__":
    main()
