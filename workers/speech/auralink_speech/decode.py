"""`python -m auralink_speech.decode SOURCE TARGET MAX_SECONDS MEMORY_MB`: the first sound of a file, as PCM of 16 kHz, mono.

A process of its own with limits, because the file may be an attack on its decoder. It opens no other file and no address:
only containers that carry their sound in themselves are read.
"""

import json
import resource
import sys

RATE = 16_000
FORMATS = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,mp3,aac,aiff,amr"
MAX_BAD_PACKETS = 200
MAX_CHANNELS = 16


def limit(memory_mb: int, seconds: int, out_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (out_bytes, out_bytes))
    resource.setrlimit(resource.RLIMIT_NPROC, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def decode(source: str, target: str, max_seconds: int) -> dict[str, object]:
    import av

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file", "enable_drefs": "0"}
    bad = 0
    with open(source, "rb") as stream, av.open(stream, options=options) as container, open(target, "wb") as out:
        if not container.streams.audio:
            return {"error": "no_sound"}
        sound = container.streams.audio[0]
        if sound.codec_context.channels > MAX_CHANNELS:
            return {"error": "not_readable"}
        sound.thread_type = "NONE"
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        written = 0
        started: float | None = None
        for packet in container.demux(sound):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                bad += 1
                if bad > MAX_BAD_PACKETS:
                    return {"error": "not_readable"}
                continue
            for frame in frames:
                if started is None:
                    started = max(0.0, float(frame.time or 0))
                    # The times of the words are those of the file: sound that begins later begins with silence.
                    lead = min(int(started * RATE), max_seconds * RATE)
                    written += out.write(b"\0\0" * lead)
                for each in resampler.resample(frame):
                    written += out.write(each.to_ndarray().tobytes())
                if written > max_seconds * RATE * 2:
                    return {"error": "too_long"}
        for each in resampler.resample(None):
            written += out.write(each.to_ndarray().tobytes())
    if written == 0:
        return {"error": "no_sound"}
    return {"samples": written // 2, "bad_packets": bad}


if __name__ == "__main__":
    source, target, max_seconds, memory_mb = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    limit(memory_mb, 120 + max_seconds // 60, (max_seconds + 60) * RATE * 2)
    try:
        print(json.dumps(decode(source, target, max_seconds)))
    except Exception as error:  # whatever a file makes of its decoder, it cannot be read
        print(json.dumps({"error": "not_readable", "reason": type(error).__name__}))
