package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// event is a line that the recorder prints.
type event struct {
	// `active` when the first media is written, `ending` when the call or its person is gone, `ended` when all is closed,
	// `target` when one of a stream has changed.
	Event string `json:"event"`
	// Extension of the file, with `active`.
	Extension string `json:"extension"`
	// DurationMs is the length of what was written, with `ended`.
	DurationMs int64 `json:"durationMs"`
	// ID, Status (`active`, `finished`, `failed`) and Error of a target.
	ID     int    `json:"id"`
	Status string `json:"status"`
	Error  string `json:"error"`
}

// command is a line that the recorder reads.
type command struct {
	// `stop`, `add` or `remove`.
	Do string `json:"do"`
	// Target is what is added; of one that is removed only the ID counts.
	Target
}

// recorder is the process that records one call.
type recorder struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	events  chan event
}

func startRecorder(command []string, plan Plan) (*recorder, error) {
	r := &recorder{command: exec.Command(command[0], command[1:]...), events: make(chan event)}
	r.command.Stderr = os.Stderr
	stdout, err := r.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if r.stdin, err = r.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := r.command.Start(); err != nil {
		return nil, err
	}
	go r.read(stdout)
	if err := json.NewEncoder(r.stdin).Encode(plan); err != nil {
		r.kill()
		return nil, err
	}
	return r, nil
}

func (r *recorder) read(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Event == "" {
			fmt.Fprintln(os.Stderr, lines.Text())
			continue
		}
		r.events <- e
	}
	close(r.events)
}

// stop asks it to close what it writes and end.
func (r *recorder) stop() { r.send(command{Do: "stop"}) }

func (r *recorder) send(c command) {
	_ = json.NewEncoder(r.stdin).Encode(c) // one that has ended reads nothing
}

func (r *recorder) kill() { _ = r.command.Process.Kill() } // one that has ended cannot be killed
