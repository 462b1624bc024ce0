package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// event is a line that a recorder or a publisher prints.
type event struct {
	// `active` when the first media is written or published, `ending` when the call or its person is gone, `ended` when all is
	// closed, `target` when one of a stream has changed.
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

// command is a line that it reads.
type command struct {
	// `stop`, `add` or `remove`.
	Do string `json:"do"`
	// Target is what is added; of one that is removed only the ID counts.
	Target
}

// process records one call, or publishes into one.
type process struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	events  chan event
}

// startProcess runs the command and gives it its plan; it has the files from number 3 on.
func startProcess(command []string, plan any, files ...*os.File) (*process, error) {
	r := &process{command: exec.Command(command[0], command[1:]...), events: make(chan event)}
	r.command.Stderr, r.command.ExtraFiles = os.Stderr, files
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

func (r *process) read(stdout io.Reader) {
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
func (r *process) stop() { r.send(command{Do: "stop"}) }

func (r *process) send(c command) {
	_ = json.NewEncoder(r.stdin).Encode(c) // one that has ended reads nothing
}

func (r *process) kill() { _ = r.command.Process.Kill() } // one that has ended cannot be killed
