#!/usr/bin/env python3
"""Storm benchmark: ten thousand probes fail at once, stay down, and heal. What do receivers hear, and what does it cost?

TCP probes of one local port, which is closed after the first round and opened again at the end. Three receivers on loopback count what
they get: a webhook (Alertmanager's form), Slack's and DingTalk's. Prints, for each minute: messages, alerts named so far, CPU, resident memory and
the heap in use; and in the end whether every alert was named, at its beginning and its end.

    deploy/bench/storm.py [--probes 10000] [--interval 30] [--minutes 10] [--gatewatch PATH] [--json FILE]

Needs a built distribution (bin/gatewatch builds it). Everything listens on loopback, in a temporary folder, and is stopped at the end.
"""
import argparse, collections, http.server, json, os, pathlib, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bstorm-\d{5}\b")


class Sink(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taker)
        self.lock = threading.Lock()
        self.messages = collections.Counter()
        self.largest = collections.Counter()
        self.named = collections.defaultdict(set)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Taker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = self.path.split("?")[0]
        with self.server.lock:
            self.server.messages[path] += 1
            self.server.largest[path] = max(self.server.largest[path], len(body))
            self.server.named[path].update(NAME.findall(body.replace("\\n", " ")))
        answer = b"ok" if path == "/slack" else b'{"errcode":0,"errmsg":"ok"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Port:
    """A port that takes connections, or does not."""

    def __init__(self):
        self.number = 0
        self.open()

    def open(self):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", self.number))
        self.number = self.socket.getsockname()[1]
        self.socket.listen(1024)
        threading.Thread(target=self.take, args=(self.socket,), daemon=True).start()

    @staticmethod
    def take(listening):
        try:
            while True:
                listening.accept()[0].close()
        except OSError:
            pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def java(pid):
    """The daemon itself below its start script."""
    todo = [pid]
    while todo:
        p = todo.pop()
        if open(f"/proc/{p}/comm").read().strip() == "java":
            return p
        for task in os.listdir(f"/proc/{p}/task"):
            todo += [int(c) for c in open(f"/proc/{p}/task/{task}/children").read().split()]
    sys.exit("storm: no java below the start script")


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid):
    return next(int(line.split()[1]) // 1024 for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))


def live_mb(pid):
    """What is alive on the heap: a histogram of live objects makes the daemon collect its garbage first."""
    jcmd = shutil.which("jcmd") or pathlib.Path(os.readlink(f"/proc/{pid}/exe")).parent / "jcmd"
    total = subprocess.run([jcmd, str(pid), "GC.class_histogram"], capture_output=True, text=True).stdout.splitlines()[-1]
    return int(total.split()[2]) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probes", type=int, default=10_000)
    parser.add_argument("--interval", type=int, default=30, help="seconds between two runs of a probe")
    parser.add_argument("--minutes", type=int, default=10, help="how long all is down")
    parser.add_argument("--gatewatch", default=ROOT / "bin/gatewatch", help="the start script")
    parser.add_argument("--json", help="write the figures to this file")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatewatch-storm-"))
    sink, port, listen = Sink(), Port(), free_port()
    to = f"http://127.0.0.1:{sink.server_address[1]}"
    probes = "\n".join(
        f'  - {{name: storm-{i:05}, type: tcp, target: "127.0.0.1:{port.number}", interval: {args.interval}s, timeout: 5s}}' for i in range(args.probes))
    (folder / "gatewatch.yml").write_text(f"""
server: {{listen: "127.0.0.1:{listen}"}}
store: {{url: "sqlite:{folder}/gatewatch.db"}}
probes:
{probes}
rules:
  - {{name: down, when: {{failures: 2}}, severity: critical}}
channels:
  - {{name: hook, type: webhook, url: "{to}/hook"}}
  - {{name: slack, type: slack, webhook_url: "{to}/slack"}}
  - {{name: dingtalk, type: dingtalk, webhook_url: "{to}/dingtalk?access_token=x"}}
routes:
  - {{channels: [hook, slack, dingtalk]}}
""")
    subprocess.run([args.gatewatch, "version"], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [args.gatewatch, "run", "--config", folder / "gatewatch.yml"], stdout=open(folder / "log", "w"), stderr=subprocess.STDOUT)
    rows = []
    try:
        ready = time.time() + 120
        while True:
            try:
                get(f"http://127.0.0.1:{listen}/-/ready")
                break
            except OSError:
                if time.time() > ready or process.poll() is not None:
                    sys.exit("storm: the daemon does not get ready: " + (folder / "log").read_text())
                time.sleep(0.2)
        pid = java(process.pid)
        time.sleep(2 * args.interval)
        print(f"all well: resident {resident_mb(pid)} MB, live heap {live_mb(pid):.0f} MB")
        port.close()
        began, used = time.time(), cpu(pid)
        for minute in range(1, args.minutes + 1):
            time.sleep(max(0, began + 60 * minute - time.time()))
            now = cpu(pid)
            with sink.lock:
                row = {"minute": minute, "messages": dict(sink.messages), "named": {k: len(v) for k, v in sink.named.items()},
                       "cpu_seconds": round(now - used, 1), "resident_mb": resident_mb(pid)}
            row["live_mb"] = round(live_mb(pid))
            used = cpu(pid)
            rows.append(row)
            print(row, flush=True)
        with sink.lock:
            down = {"messages": dict(sink.messages), "named": {k: len(v) for k, v in sink.named.items()}, "largest": dict(sink.largest)}
            sink.named.clear()
        port.open()
        time.sleep(3 * args.interval + 90)
        with sink.lock:
            healed = {"messages": dict(sink.messages), "named": {k: len(v) for k, v in sink.named.items()}, "largest": dict(sink.largest)}
        print("down:  ", down)
        print("healed:", healed)
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps({"minutes": rows, "down": down, "healed": healed}, indent=1))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        sink.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
