#!/usr/bin/env python3
"""Changes in the demo's sandbox: a demo after the other is started afresh, and in each a change that does nothing is followed by one with
which the exchange rates of all three regions take a fifth longer (the fault rates-slower).

All goes by the command line and the sandbox's control page's API, as a person would do it. Prints the verdict and exit code of each change,
and of each region the interval and whether the true ratio is in it: a fifth of the way to the bank, as a share of what a run took before.

    deploy/bench/sandbox-changes.py [--runs 20] [--at-once 3] [--before 120] [--after 60] [--gatewatch PATH] [--json FILE]

Needs a built distribution (bin/gatewatch builds it). Everything listens on loopback, in temporary folders, and is stopped at the end.
"""
import argparse, concurrent.futures, json, pathlib, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
WAY = {"eu": 120, "us": 180, "ap": 290}  # milliseconds, as in the sandbox's Rates
SLOWER = 0.2


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Demo:
    def __init__(self, gatewatch):
        self.gatewatch = gatewatch
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatewatch-sandbox-changes-"))
        self.page, self.sandbox = free_port(), free_port()
        self.log = self.folder / "log"
        self.process = subprocess.Popen(
            [gatewatch, "demo", "--listen", f"127.0.0.1:{self.page}", "--sandbox", f"127.0.0.1:{self.sandbox}", "--data", self.folder / "data"],
            stdout=open(self.log, "w"), stderr=subprocess.STDOUT)

    def __enter__(self):
        end = time.time() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.page}/-/ready", timeout=5).close()
                return self
            except OSError:
                if time.time() > end:
                    raise SystemExit("sandbox-changes: the demo does not get ready: " + self.log.read_text())
                time.sleep(0.2)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fault(self, name):
        request = urllib.request.Request(f"http://127.0.0.1:{self.sandbox}/faults/{name}", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def change(self, *words):
        return subprocess.run([self.gatewatch, "change", *words, "--url", f"http://127.0.0.1:{self.page}"], capture_output=True, text=True)


def judge(demo, name, true, seconds, do=lambda: None):
    begun = demo.change("begin", "--id", name, "--labels", "probe=rates")
    if begun.returncode:
        raise SystemExit("sandbox-changes: " + begun.stderr)
    do()
    ended = demo.change("end", "--id", name, "--wait", f"{seconds}s", "--json")
    try:
        found = json.loads(ended.stdout)["comparison"]
    except (ValueError, KeyError):
        raise SystemExit("sandbox-changes: " + ended.stderr + ended.stdout)
    regions = []
    for probe in found["probes"]:
        latency = probe["latency"]
        truth = true * WAY[probe["region"]] / latency["before"]
        regions.append({
            "region": probe["region"], **{k: round(latency[k], 4) for k in ("change", "lower", "upper")}, "true": round(truth, 4),
            "holds": latency["lower"] <= truth <= latency["upper"]})
    return {"change": name, "verdict": found["verdict"], "exit": ended.returncode, "regions": regions}


def one(gatewatch, before, after):
    with Demo(gatewatch) as demo:
        time.sleep(before)
        return [judge(demo, "nothing", 0, after), judge(demo, "a-fifth", SLOWER, after, lambda: demo.fault("rates-slower"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="demos, each with one change of either kind")
    parser.add_argument("--at-once", type=int, default=3, help="demos that run side by side")
    parser.add_argument("--before", type=int, default=120, help="seconds before the first change; the first minute of a JVM is its slowest")
    parser.add_argument("--after", type=int, default=60, help="seconds that are watched after each")
    parser.add_argument("--gatewatch", default=ROOT / "bin/gatewatch", help="the start script")
    parser.add_argument("--json", help="write what was said to this file")
    args = parser.parse_args()
    subprocess.run([args.gatewatch, "version"], check=True, stdout=subprocess.DEVNULL)
    rows = []
    with concurrent.futures.ThreadPoolExecutor(args.at_once) as pool:
        waiting = [pool.submit(one, args.gatewatch, args.before, args.after) for _ in range(args.runs)]
        for done in concurrent.futures.as_completed(waiting):
            for row in done.result():
                rows.append(row)
                print(f"{len(rows)} of {2 * args.runs}: {row['change']}: {row['verdict']}, exit {row['exit']}; " + ", ".join(
                    f"{r['region']} {r['change']:+.1%} ({r['lower']:+.1%} to {r['upper']:+.1%}; true {r['true']:+.1%}{'' if r['holds'] else ', MISSED'})"
                    for r in row["regions"]), flush=True)
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1))
    right = True
    for name, verdict, code in (("nothing", "same", 0), ("a-fifth", "worse", 3)):
        mine = [r for r in rows if r["change"] == name]
        hit = sum(r["verdict"] == verdict and r["exit"] == code for r in mine)
        regions = [r for row in mine for r in row["regions"]]
        print(f"{name}: {hit} of {len(mine)} {verdict}, {sum(r['holds'] for r in regions)} of {len(regions)} intervals hold the true ratio")
        right = right and hit == len(mine)
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
