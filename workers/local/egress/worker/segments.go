package main

import (
	"bytes"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
)

const (
	// Without a length in the request a segment is that of the real egress.
	defaultSegmentSeconds = 4
	uploadEvery           = 500 * time.Millisecond
	// A live playlist names so many segments.
	liveSegments = 5
)

// SegmentPlan is where and how segments are written.
type SegmentPlan struct {
	Folder  string `json:"folder"`
	Name    string `json:"name"`
	Seconds int    `json:"seconds"`
}

// segments are uploaded as they are written: each once, and after it the playlists that name it.
type segments struct {
	order *order
	// mu holds for one upload at a time.
	mu sync.Mutex
	// state is what is reported; it is copied, because what is reported is read meanwhile.
	state struct {
		PlaylistLocation, LivePlaylistLocation string
		SegmentCount, Size, Duration           int64
	}
	uploaded map[string]bool
	hasEnded bool
}

func (o *order) readSegments(outputs []*livekit.SegmentedFileOutput, files int) error {
	if len(outputs) != 1 || files > 0 {
		return unsupported("more than one output")
	}
	if outputs[0].FilenameSuffix != livekit.SegmentedFileSuffix_INDEX || outputs[0].GetS3() == nil {
		return unsupported("segments named by their time, or not in a bucket")
	}
	o.segments = outputs[0]
	seconds := int(outputs[0].SegmentDuration)
	if seconds == 0 {
		seconds = defaultSegmentSeconds
	}
	o.plan.Segments = &SegmentPlan{Name: path.Base(outputs[0].FilenamePrefix), Seconds: seconds}
	return nil
}

func newSegments(o *order) *segments {
	return &segments{
		order:    o,
		uploaded: map[string]bool{},
	}
}

// uploadSegments uploads what is complete until the recording ends; the rest is uploaded when it has.
func (r *recording) uploadSegments() {
	for {
		time.Sleep(uploadEvery)
		isNew, err := r.segments.upload()
		r.mu.Lock()
		if r.info.Status != livekit.EgressStatus_EGRESS_ACTIVE {
			r.mu.Unlock()
			return
		}
		if err != nil {
			r.failSegments(err)
		} else if isNew {
			r.segments.report(r.info)
			r.change(r.info.Status)
		}
		r.mu.Unlock()
	}
}

// takeSegments takes what the recorder says of the segments; the caller holds the lock.
func (r *recording) takeSegments(e event) {
	if e.Status == "failed" && r.info.Status == livekit.EgressStatus_EGRESS_ACTIVE {
		r.failSegments(errors.New(e.Error))
	}
}

// failSegments ends the recording as failed; the caller holds the lock.
func (r *recording) failSegments(err error) {
	r.failure = err
	r.info.Details = "End reason: Failure"
	r.change(livekit.EgressStatus_EGRESS_ENDING)
	r.recorder.stop()
}

// upload uploads the segments that the playlist names and that are not uploaded, then the playlists.
func (s *segments) upload() (isNew bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	folder := s.order.plan.Segments.Folder
	playlist, err := os.ReadFile(filepath.Join(folder, "index.m3u8"))
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	entries := readEntries(playlist)
	for _, entry := range entries {
		if s.uploaded[entry.name] {
			continue
		}
		if err := s.uploadSegment(entry); err != nil {
			return isNew, err
		}
		isNew = true
	}
	isEnd := bytes.Contains(playlist, []byte("#EXT-X-ENDLIST"))
	if !isNew && (!isEnd || s.hasEnded) {
		return false, nil
	}
	s.hasEnded = isEnd
	s.state.PlaylistLocation, err = s.uploadPlaylist(s.order.segments.PlaylistName, playlist)
	if err == nil && s.order.segments.LivePlaylistName != "" {
		s.state.LivePlaylistLocation, err = s.uploadPlaylist(s.order.segments.LivePlaylistName, livePlaylist(playlist, entries))
	}
	return true, err
}

func (s *segments) uploadSegment(e entry) error {
	file := filepath.Join(s.order.plan.Segments.Folder, e.name)
	stat, err := os.Stat(file)
	if err != nil {
		return err
	}
	key := path.Join(path.Dir(s.order.segments.FilenamePrefix), e.name)
	if _, err := uploadToS3(s.order.segments.GetS3(), key, file, false); err != nil {
		return err
	}
	s.uploaded[e.name] = true
	s.state.SegmentCount++
	s.state.Size += stat.Size()
	s.state.Duration += int64(e.seconds * float64(time.Second))
	return nil
}

func (s *segments) uploadPlaylist(key string, text []byte) (location string, err error) {
	file := filepath.Join(s.order.plan.Segments.Folder, "upload.m3u8")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	return uploadToS3(s.order.segments.GetS3(), key, file, false)
}

// report copies how far it is into what is reported.
func (s *segments) report(info *livekit.EgressInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	into := info.SegmentResults[0]
	into.PlaylistLocation, into.LivePlaylistLocation = s.state.PlaylistLocation, s.state.LivePlaylistLocation
	into.SegmentCount, into.Size, into.Duration = s.state.SegmentCount, s.state.Size, s.state.Duration
}

// entry is a segment in a playlist.
type entry struct {
	name    string
	seconds float64
	lines   []string
}

func readEntries(playlist []byte) (entries []entry) {
	var next entry
	for line := range strings.Lines(string(playlist)) {
		line = strings.TrimSpace(line)
		if text, isLength := strings.CutPrefix(line, "#EXTINF:"); isLength {
			seconds, _ := strconv.ParseFloat(strings.TrimSuffix(text, ","), 64)
			next = entry{seconds: seconds, lines: []string{line}}
		} else if line != "" && !strings.HasPrefix(line, "#") {
			next.name, next.lines = line, append(next.lines, line)
			entries = append(entries, next)
		}
	}
	return entries
}

// livePlaylist names the last segments alone.
func livePlaylist(playlist []byte, entries []entry) []byte {
	first := max(0, len(entries)-liveSegments)
	var lines []string
	for line := range strings.Lines(string(playlist)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#EXT-X-MEDIA-SEQUENCE"):
			lines = append(lines, "#EXT-X-MEDIA-SEQUENCE:"+strconv.Itoa(first))
		case strings.HasPrefix(line, "#EXTINF:"):
			return []byte(strings.Join(slices.Concat(lines, linesOf(entries[first:]), endOf(playlist)), "\n") + "\n")
		default:
			lines = append(lines, line)
		}
	}
	return playlist
}

func linesOf(entries []entry) (lines []string) {
	for _, each := range entries {
		lines = append(lines, each.lines...)
	}
	return lines
}

func endOf(playlist []byte) []string {
	if bytes.Contains(playlist, []byte("#EXT-X-ENDLIST")) {
		return []string{"#EXT-X-ENDLIST"}
	}
	return nil
}
