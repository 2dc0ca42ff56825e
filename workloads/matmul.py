#!/usr/bin/env python3
"""Multiplies two square matrices, with torch on a GPU where there is one and numpy on the CPU where not, and prints what it measured as one line of JSON.

Measured here: the seconds of each multiplication, with the device's work waited for. Not measured: the start of the interpreter, the import of the library, the
making of the matrices and the first multiplication, which loads kernels. The memory that is printed is what this process allocated for matrices, by its own count.
"""
import argparse
import json
import statistics
import sys
import time


def on_gpu(torch, size, repeat, dtype):
    kind = getattr(torch, dtype)
    a = torch.randn(size, size, device="cuda", dtype=kind)
    b = torch.randn(size, size, device="cuda", dtype=kind)

    def multiply():
        c = a @ b
        torch.cuda.synchronize()
        return c

    multiply()
    seconds = timed(multiply, repeat)
    return seconds, {
        "device": torch.cuda.get_device_name(),
        "library": "torch " + torch.__version__,
        "allocated": torch.cuda.max_memory_allocated(),
    }


def on_cpu(numpy, size, repeat, dtype):
    random = numpy.random.default_rng(1)
    a = random.standard_normal((size, size)).astype(dtype)
    b = random.standard_normal((size, size)).astype(dtype)
    out = numpy.empty((size, size), dtype)
    numpy.matmul(a, b, out=out)
    seconds = timed(lambda: numpy.matmul(a, b, out=out), repeat)
    return seconds, {"device": "cpu", "library": "numpy " + numpy.__version__, "allocated": a.nbytes + b.nbytes + out.nbytes}


def timed(work, repeat):
    seconds = []
    for _ in range(repeat):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="rows of each matrix")
    parser.add_argument("--repeat", type=int, default=10, help="multiplications that are timed")
    parser.add_argument("--dtype", default=None, help="float32; bfloat16 on a GPU")
    parser.add_argument("--device", choices=["auto", "cuda", "cpu"], default="auto")
    options = parser.parse_args()
    torch = None
    if options.device != "cpu":
        try:
            import torch
        except ImportError:
            torch = None
        if torch is not None and not torch.cuda.is_available():
            torch = None
        if torch is None and options.device == "cuda":
            sys.exit("matmul.py: torch sees no GPU")
    if torch is not None:
        dtype = options.dtype or "bfloat16"
        seconds, facts = on_gpu(torch, options.size, options.repeat, dtype)
    else:
        import numpy

        dtype = options.dtype or "float32"
        seconds, facts = on_cpu(numpy, options.size, options.repeat, dtype)
    median = statistics.median(seconds)
    print(json.dumps({"size": options.size, "dtype": dtype, **facts, "seconds": seconds, "median": median, "flops": 2 * options.size**3 / median}))


if __name__ == "__main__":
    main()
