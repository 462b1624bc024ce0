package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
)

const (
	lateBy = 5 * time.Second
	// A server that is busy for longer than a request may take gets a report once more.
	reportAttempts = 5
)

type report struct {
	info *livekit.EgressInfo
	at   time.Time
}

// reporter tells LiveKit's server how a recording goes, in order.
type reporter struct {
	client rpc.IOInfoClient
	delay  time.Duration
	queue  chan report
	done   sync.WaitGroup
}

func newReporter(client rpc.IOInfoClient, delay time.Duration) *reporter {
	r := &reporter{client: client, delay: delay, queue: make(chan report, 16)}
	r.done.Add(1)
	go r.send()
	return r
}

func (r *reporter) send() {
	defer r.done.Done()
	for next := range r.queue {
		time.Sleep(time.Until(next.at.Add(r.delay)))
		var err error
		for attempt := 0; attempt < reportAttempts; attempt++ {
			if _, err = r.client.UpdateEgress(context.Background(), next.info); err == nil {
				break
			}
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s could not be reported as %s: %v\n", next.info.EgressId, next.info.Status, err)
		}
	}
}

func (r *reporter) add(info *livekit.EgressInfo) { r.queue <- report{info, time.Now()} }

// close waits until all is sent.
func (r *reporter) close() {
	close(r.queue)
	r.done.Wait()
}
