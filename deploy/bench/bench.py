#!/usr/bin/env python3
"""Load benchmark: Gatewatch beside Prometheus + blackbox_exporter, probing the same local nginx.

N probes (half HTTP, half HTTPS, a new connection each run) every 10 s. One system after the other, each from a cold start:
the first minute is reported by itself, then a minute after warm-up. Start lateness and missed runs are read from nginx's own access
log, by the same arithmetic for both, so neither measures itself.

    deploy/bench/bench.py [--probes 1000] [--seconds 60] [--warmup 60] [--only gatewatch|peer] [--json FILE]

Needs: a built distribution (bin/gatewatch builds it), Debian's nginx-light, prometheus, prometheus-blackbox-exporter, openssl.
Everything listens on loopback, in a temporary folder, and is stopped at the end.
"""
import argparse, collections, json, os, pathlib, shutil, signal, subprocess, sys, tempfile, time, urllib.parse, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTERVAL = 10
HTTP, HTTPS, GW, PROM, BLACKBOX = 18080, 18443, 19790, 19791, 19792


def need(program):
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if not found:
        sys.exit(f"bench: {program} is not installed")
    return found


def run(*command, **kw):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw)


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def await_url(url, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        try:
            return get(url)
        except OSError:
            time.sleep(0.1)
    sys.exit(f"bench: {url} does not answer")


def certificates(folder):
    run("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-out", folder / "ca.key")
    run("openssl", "req", "-x509", "-new", "-key", folder / "ca.key", "-subj", "/CN=bench CA", "-days", "30", "-out", folder / "ca.pem")
    run("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-out", folder / "server.key")
    run("openssl", "req", "-new", "-key", folder / "server.key", "-subj", "/CN=localhost", "-out", folder / "server.csr")
    (folder / "san").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("openssl", "x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
        "-days", "30", "-extfile", folder / "san", "-out", folder / "server.pem")


def nginx(folder):
    (folder / "nginx.conf").write_text(f"""
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
events {{ worker_connections 4096; }}
http {{
  log_format bench '$msec $uri';
  access_log {folder}/access.log bench;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{HTTP}; listen 127.0.0.1:{HTTPS} ssl;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    location / {{ default_type application/json; return 200 '{{"status":"UP"}}'; }}
  }}
}}
""")
    return subprocess.Popen([need("nginx"), "-c", folder / "nginx.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def targets(count):
    return [f"http://localhost:{HTTP}/p{i}" if i % 2 == 0 else f"https://localhost:{HTTPS}/p{i}" for i in range(count)]


def children(pid):
    """The process and all its descendants."""
    found, todo = [], [pid]
    while todo:
        p = todo.pop()
        found.append(p)
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                todo += [int(c) for c in open(f"/proc/{p}/task/{task}/children").read().split()]
        except OSError:
            pass
    return found


def cpu(pids):
    ticks = 0
    for pid in pids:
        for p in children(pid):
            try:
                fields = open(f"/proc/{p}/stat").read().rsplit(")", 1)[1].split()
                ticks += int(fields[11]) + int(fields[12])
            except OSError:
                pass
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pids, key="VmRSS"):
    total = 0
    for pid in pids:
        for p in children(pid):
            try:
                for line in open(f"/proc/{p}/status"):
                    if line.startswith(key + ":"):
                        total += int(line.split()[1]) / 1024
            except OSError:
                pass
    return total


class Log:
    """nginx's access log: when each probe's runs arrived."""

    def __init__(self, path):
        self.path = path

    def arrivals(self, since, until):
        runs = collections.defaultdict(list)
        for line in open(self.path):
            at, uri = line.split()
            if since <= float(at) < until:
                runs[uri].append(float(at))
        return runs


def lateness(runs, reference):
    """How much later than its own grid each run arrived; a probe's grid is its earliest phase seen over the whole measurement."""
    late = []
    for uri, times in runs.items():
        base = min(t % INTERVAL for t in reference[uri])
        phases = [t % INTERVAL for t in reference[uri]]
        # a grid near the turn of the interval: count phases beyond half an interval as belonging to the one before
        base = min(phases, key=lambda p: sum((q - p) % INTERVAL for q in phases))
        late += [(t - base) % INTERVAL for t in times]
    return sorted(late)


def percentile(sorted_values, p):
    return sorted_values[min(len(sorted_values) - 1, int(p * len(sorted_values)))] if sorted_values else float("nan")


def measure(name, pids, count, log, args, failures, started):
    """The first minute, then warm-up, then the window."""
    time.sleep(max(0, started + 60 - time.time()))
    first = log.arrivals(started, started + 60)
    first_failures, first_cpu = failures(), cpu(pids)
    time.sleep(args.warmup)
    before, begin, failed_before = cpu(pids), time.time(), failures()
    time.sleep(args.seconds)
    used, end, failed = cpu(pids) - before, time.time(), failures() - failed_before
    resident, peak = memory_mb(pids), memory_mb(pids, "VmHWM")
    time.sleep(1)
    window, whole = log.arrivals(begin, end), log.arrivals(started, end)
    late = lateness(window, whole)
    runs = sum(len(v) for v in window.values())
    expected = count * args.seconds // INTERVAL
    # a cold start may take its first run at any time within the first interval; from then on no more than an interval may pass
    gaps = sum(1 for times in whole.values() for a, b in zip(sorted(times), sorted(times)[1:]) if b - a > 1.5 * INTERVAL)
    return {
        "system": name, "probes": count, "runs": runs, "expected": expected,
        "cpu_seconds": round(used, 2), "cpu_ms_per_run": round(1000 * used / max(1, runs), 3),
        "resident_mb": round(resident), "peak_mb": round(peak),
        "lateness_p50_ms": round(1000 * percentile(late, 0.5), 1), "lateness_p99_ms": round(1000 * percentile(late, 0.99), 1),
        "missed_runs": gaps, "probes_never_run": count - len(whole), "failed_runs": round(failed),
        "first_minute": {"runs": sum(len(v) for v in first.values()), "probes_seen": len(first), "failed_runs": round(first_failures), "cpu_seconds": round(first_cpu, 1)},
    }


def bench_gatewatch(folder, args, log):
    config = folder / "gatewatch.yml"
    probes = "\n".join(
        f'  - {{name: p{i}, type: http, url: "{t}", interval: {INTERVAL}s, timeout: 5s' + (f', tls: {{trust: "{folder}/ca.pem"}}' if t.startswith("https") else "") + "}"
        for i, t in enumerate(targets(args.probes)))
    config.write_text(f"""
server: {{listen: "127.0.0.1:{GW}"}}
store: {{url: "sqlite:{folder}/gatewatch.db"}}
probes:
{probes}
rules:
  - {{name: down, when: {{failures: 3}}, severity: critical}}
  - {{name: slow, when: {{latency: {{quantile: 0.95, over: 5m, above: 800ms}}}}, severity: warning}}
  - {{name: errors, when: {{error_rate: {{over: 10m, above: 5%}}}}, severity: critical}}
channels:
  - {{name: log, type: log}}
routes:
  - {{channels: [log]}}
""")
    subprocess.run([ROOT / "bin/gatewatch", "version"], check=True, stdout=subprocess.DEVNULL)
    started = time.time()
    process = subprocess.Popen([ROOT / "bin/gatewatch", "run", "--config", config], stdout=open(folder / "gatewatch.log", "w"), stderr=subprocess.STDOUT)
    try:
        await_url(f"http://127.0.0.1:{GW}/-/ready")
        ready = time.time() - started

        def failures():
            return sum(float(l.rsplit(" ", 1)[1]) for l in get(f"http://127.0.0.1:{GW}/metrics").splitlines()
                       if l.startswith("gatewatch_runs_total{") and 'outcome="pass"' not in l)

        result = measure("gatewatch", [process.pid], args.probes, log, args, failures, started)
        result["ready_seconds"] = round(ready, 2)
        skipped = [float(l.rsplit(" ", 1)[1]) for l in get(f"http://127.0.0.1:{GW}/metrics").splitlines() if l.startswith("gatewatch_skipped_runs_total")]
        result["skipped_runs"] = round(sum(skipped))
        return result
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def bench_peer(folder, args, log):
    (folder / "blackbox.yml").write_text(f"""
modules:
  http_2xx:
    prober: http
    timeout: 5s
    http: {{preferred_ip_protocol: ip4, tls_config: {{ca_file: "{folder}/ca.pem"}}}}
""")
    listed = "\n".join(f'          - "{t}"' for t in targets(args.probes))
    (folder / "prometheus.yml").write_text(f"""
global: {{scrape_interval: {INTERVAL}s, scrape_timeout: 5s, evaluation_interval: {INTERVAL}s}}
rule_files: ["{folder}/rules.yml"]
scrape_configs:
  - job_name: probes
    metrics_path: /probe
    params: {{module: [http_2xx]}}
    static_configs:
      - targets:
{listed}
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "127.0.0.1:{BLACKBOX}"}}
""")
    (folder / "rules.yml").write_text("""
groups:
  - name: probes
    rules:
      - {alert: down, expr: "max_over_time(probe_success[25s]) == 0", labels: {severity: critical}}
      - {alert: slow, expr: "quantile_over_time(0.95, probe_duration_seconds[5m]) > 0.8", labels: {severity: warning}}
      - {alert: errors, expr: "1 - avg_over_time(probe_success[10m]) > 0.05", labels: {severity: critical}}
""")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    blackbox = subprocess.Popen([need("prometheus-blackbox-exporter"), f"--config.file={folder}/blackbox.yml", f"--web.listen-address=127.0.0.1:{BLACKBOX}"], **quiet)
    started = time.time()
    prometheus = subprocess.Popen([need("prometheus"), f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address=127.0.0.1:{PROM}"], **quiet)
    try:
        await_url(f"http://127.0.0.1:{PROM}/-/ready")

        def failures():
            query = urllib.parse.urlencode({"query": "sum(count_over_time(probe_success[10m]) - sum_over_time(probe_success[10m])) or vector(0)"})
            found = json.loads(get(f"http://127.0.0.1:{PROM}/api/v1/query?{query}"))["data"]["result"]
            return float(found[0]["value"][1]) if found else 0.0

        return measure("prometheus + blackbox_exporter", [prometheus.pid, blackbox.pid], args.probes, log, args, failures, started)
    finally:
        for process in (prometheus, blackbox):
            process.terminate()
            process.wait(30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--probes", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60, help="the window that is measured")
    parser.add_argument("--warmup", type=int, default=60, help="after the first minute")
    parser.add_argument("--only", choices=["gatewatch", "peer"])
    parser.add_argument("--json", help="write the figures to this file")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatewatch-bench-"))
    folder.chmod(0o755)
    results = []
    certificates(folder)
    server = nginx(folder)
    try:
        await_url(f"http://127.0.0.1:{HTTP}/")
        for name, bench in (("gatewatch", bench_gatewatch), ("peer", bench_peer)):
            if args.only in (None, name):
                print(f"{name}: {args.probes} probes every {INTERVAL} s, first minute + {args.warmup} s + {args.seconds} s …", flush=True)
                (folder / "access.log").open("a").close()
                result = bench(folder, args, Log(folder / "access.log"))
                results.append(result)
                print(json.dumps(result, indent=1), flush=True)
                run("sh", "-c", f": > {folder}/access.log")
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
    if len(results) == 2:
        ours, theirs = results
        print("ratios, Gatewatch / Prometheus + blackbox_exporter (below 1 is better):")
        for key in ("cpu_ms_per_run", "resident_mb", "lateness_p99_ms"):
            print(f"  {key:18} {ours[key]:>9} / {theirs[key]:>9} = {ours[key] / max(theirs[key], 1e-9):.2f}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
