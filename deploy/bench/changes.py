#!/usr/bin/env python3
"""Changes with real runs: forty endpoints on loopback, of which twenty become a fifth slower and twenty do not, each with a change of its own.

The endpoints answer after 100 ms, give or take (a heavy tail, each its own noise); a started daemon asks each once a second. The changes are
begun, ended and shown by the command line. Prints what was said of each: verdict, exit code, interval, and whether the true factor is in it.

    deploy/bench/changes.py [--before 240] [--after 240] [--gatewatch PATH] [--json FILE]

Needs a built distribution (bin/gatewatch builds it). Everything listens on loopback, in a temporary folder, and is stopped at the end.
"""
import argparse, asyncio, concurrent.futures, json, math, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EACH = 20
FACTOR = 1.2


class Endpoints:
    """One server; the path names the endpoint. Timers do not add up, so it is asyncio."""

    def __init__(self):
        self.factor = {}
        self.random = {f"{kind}-{i}": random.Random(f"{kind}{i}") for kind in ("slower", "unchanged") for i in range(EACH)}
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    async def answer(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            name = head.split()[1].decode().lstrip("/")
            noise = self.random[name]
            seconds = 0.1 * math.exp(noise.gauss(0, 0.08)) * (3 if noise.random() < 0.01 else 1)
            await asyncio.sleep(seconds * self.factor.get(name, 1))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=int, default=240, help="seconds before the changes")
    parser.add_argument("--after", type=int, default=240, help="seconds after them")
    parser.add_argument("--gatewatch", default=ROOT / "bin/gatewatch", help="the start script")
    parser.add_argument("--json", help="write what was said to this file")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatewatch-changes-"))
    endpoints, listen = Endpoints(), free_port()
    names = sorted(endpoints.random)
    probes = "\n".join(
        f'  - {{name: {name}, type: http, url: "http://127.0.0.1:{endpoints.port}/{name}", interval: 1s, timeout: 900ms, labels: {{run: {name}}}}}'
        for name in names)
    (folder / "gatewatch.yml").write_text(f"""
server: {{listen: "127.0.0.1:{listen}"}}
store: {{url: "sqlite:{folder}/gatewatch.db"}}
probes:
{probes}
""")
    subprocess.run([args.gatewatch, "version"], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [args.gatewatch, "run", "--config", folder / "gatewatch.yml"], stdout=open(folder / "log", "w"), stderr=subprocess.STDOUT)

    def change(*words):
        return subprocess.run([args.gatewatch, "change", *words, "--url", f"http://127.0.0.1:{listen}"], capture_output=True, text=True)

    def for_all(call):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return dict(zip(names, pool.map(call, names)))

    try:
        end = time.time() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{listen}/-/ready", timeout=5).close()
                break
            except OSError:
                if time.time() > end:
                    sys.exit("changes: the daemon does not get ready: " + (folder / "log").read_text())
                time.sleep(0.2)
        print(f"watching {len(names)} endpoints; {args.before} s before the changes", flush=True)
        time.sleep(args.before)
        begun = for_all(lambda name: change("begin", "--id", name, "--labels", f"run={name}"))
        failed = [b.stderr for b in begun.values() if b.returncode]
        if failed:
            sys.exit("changes: " + failed[0])
        for name in names:
            endpoints.factor[name] = FACTOR if name.startswith("slower") else 1
        for_all(lambda name: change("end", "--id", name, "--wait", "0s"))
        print(f"changed; {args.after} s after it", flush=True)
        time.sleep(args.after)
        said = for_all(lambda name: change("show", name, "--json"))
        rows = []
        for name in names:
            found = json.loads(said[name].stdout)["comparison"]
            latency = found["probes"][0]["latency"]
            true = FACTOR - 1 if name.startswith("slower") else 0
            rows.append({
                "of": name, "verdict": found["verdict"], "exit": said[name].returncode,
                **{k: round(latency.get(k, float("nan")), 4) for k in ("change", "lower", "upper")},
                "true": round(true, 3), "holds": latency.get("lower", 9) <= true <= latency.get("upper", -9)})
            print(rows[-1], flush=True)
        for kind, verdict, code in (("slower", "worse", 3), ("unchanged", "same", 0)):
            mine = [r for r in rows if r["of"].startswith(kind)]
            print(f"{kind}: {sum(r['verdict'] == verdict and r['exit'] == code for r in mine)} of {len(mine)} {verdict},"
                  f" {sum(r['holds'] for r in mine)} of {len(mine)} intervals hold the true factor")
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(rows, indent=1))
        print(change("show", "slower-0").stdout)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
