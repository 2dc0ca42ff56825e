#!/usr/bin/env python3
"""Runs `trtllm-bench throughput` and prints the JSON of its own report.

Each argument reaches trtllm-bench as it was given; the model in its report must be the model that was asked for, or this fails. A model that is a directory is
also given as --model_path, so that nothing is downloaded. What it prints are trtllm-bench's figures: its KV cache and its peak of memory follow from what was free
on the device, and are in its log, not here (`decant bench explain LOG`).
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Whatever follows -- goes to `trtllm-bench throughput` as it is.")
    parser.add_argument("--model", required=True, help="a name of the hub, or a directory")
    parser.add_argument("--dataset", help="of requests; else one is made with --requests, --input-length and --output-length")
    parser.add_argument("--requests", type=int, default=50)
    parser.add_argument("--input-length", type=int, default=128)
    parser.add_argument("--output-length", type=int, default=128)
    parser.add_argument("--program", default="trtllm-bench", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        dataset = options.dataset
        if dataset is None:
            dataset = os.path.join(directory, "dataset.jsonl")
            with open(dataset, "w") as file:
                for task in range(options.requests):
                    tokens = [(task * 7919 + i * 104729) % 30000 + 100 for i in range(options.input_length)]
                    file.write(json.dumps({"task_id": task, "input_ids": tokens, "output_tokens": options.output_length}) + "\n")
        report = os.path.join(directory, "report.json")
        command = [options.program, "--model", options.model]
        if os.path.isdir(options.model):
            command += ["--model_path", options.model]
        command += ["throughput", "--dataset", dataset, "--report_json", report, *options.rest]
        # Its own output is a log; standard output is the report's alone.
        try:
            code = subprocess.run(command, stdout=sys.stderr).returncode
        except OSError as error:
            sys.exit(f"trtllm.py: {options.program} cannot be run: {error.strerror}; it comes with TensorRT-LLM")
        if code != 0:
            sys.exit(code if code > 0 else 128 - code)
        with open(report) as file:
            result = json.load(file)
    engine = result.get("engine", {})
    ran = {engine.get("model"), engine.get("model_path")}
    if options.model not in ran and os.path.realpath(options.model) not in {os.path.realpath(one) for one in ran if one}:
        sys.exit(f"trtllm.py: asked for {options.model}, and the report is of {engine.get('model')}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
