package main

import (
	"fmt"
	"regexp"
)

// Fault is how a recording goes wrong on purpose.
type Fault string

const (
	noFault Fault = ""
	// The recorder dies a second after it has begun: EGRESS_FAILED.
	recorderDies Fault = "recorder-dies"
	// The whole worker vanishes a second after the recording has begun: nothing is reported any more, nothing answers.
	workerVanishes Fault = "worker-vanishes"
	// A stop is accepted, and the recording never ends.
	hangs Fault = "hangs"
	// EGRESS_COMPLETE is reported, and nothing was uploaded.
	uploadsNothing Fault = "uploads-nothing"
	// Half of the file is uploaded, and its whole size is reported.
	wrongSize Fault = "wrong-size"
	// EGRESS_ABORTED before it has begun.
	aborts Fault = "aborts"
	// Reports are sent five seconds late, and EGRESS_ENDING once more after the last of them.
	lateEvents Fault = "late-events"
	// The upload takes fifteen seconds longer.
	slowUpload Fault = "slow-upload"
	// EGRESS_LIMIT_REACHED after two seconds.
	reachesLimit Fault = "reaches-limit"
	// The publisher of an ingress dies a second after it has begun: ENDPOINT_ERROR.
	publisherDies Fault = "publisher-dies"
	// The worker of an ingress vanishes a second after it has begun: nothing is reported any more, nothing answers.
	ingressVanishes Fault = "ingress-vanishes"
)

var faults = map[Fault]bool{
	noFault: true, recorderDies: true, workerVanishes: true, hangs: true, uploadsNothing: true, wrongSize: true,
	aborts: true, lateEvents: true, slowUpload: true, reachesLimit: true, publisherDies: true, ingressVanishes: true,
}

// A folder of this name in the path of a file, in the first address of a stream, or in the URL that an ingress reads, asks for the
// fault: `fault-hangs/call.mp4`.
var faultFolder = regexp.MustCompile(`(?:^|/)fault-([a-z-]+)/`)

func parseFault(name string) (Fault, error) {
	if fault := Fault(name); faults[fault] {
		return fault, nil
	}
	return noFault, fmt.Errorf("unknown fault %q", name)
}

// faultOf finds the fault of a recording: what its destination asks for, else that of all recordings.
func faultOf(path string, ofAll string) (Fault, error) {
	if found := faultFolder.FindStringSubmatch(path); found != nil {
		return parseFault(found[1])
	}
	return parseFault(ofAll)
}
