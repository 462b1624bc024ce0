package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"time"

	"github.com/bluenviron/gortmplib"
	rtmpcodecs "github.com/bluenviron/gortmplib/pkg/codecs"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mpegts"
	tscodecs "github.com/bluenviron/mediacommon/v2/pkg/formats/mpegts/codecs"
	"github.com/livekit/protocol/livekit"
)

// A sender that sends nothing for so long is gone.
const senderTimeout = 10 * time.Second

func (s *ingressService) acceptSenders(senders net.Listener) {
	for {
		connection, err := senders.Accept()
		if err != nil {
			return // the end of the worker
		}
		go func() {
			defer func() { _ = connection.Close() }()
			if err := s.takeSender(connection); err != nil {
				fmt.Printf("a sender is refused or gone: %v\n", err)
			}
		}()
	}
}

// takeSender lets a sender in whose key is that of an ingress that is open, and takes its media until it goes.
func (s *ingressService) takeSender(connection net.Conn) error {
	_ = connection.SetDeadline(time.Now().Add(senderTimeout))
	sender := &gortmplib.ServerConn{RW: connection}
	if err := sender.Initialize(); err != nil {
		return err
	}
	if err := sender.AcceptConn(); err != nil {
		return err
	}
	opened, err := s.openForSender(sender)
	if err != nil {
		_ = sender.RejectAction()
		return err
	}
	if err := sender.AcceptAction(); err != nil {
		opened.discard(err)
		return err
	}
	reader := &gortmplib.Reader{Conn: sender}
	if err := reader.Initialize(); err != nil {
		opened.discard(err)
		return err
	}
	return opened.relay(reader, connection)
}

func (s *ingressService) openForSender(sender *gortmplib.ServerConn) (*session, error) {
	if !sender.Publish {
		return nil, errors.New("it wants to receive")
	}
	return s.openFor(path.Base(sender.URL.Path), livekit.IngressInput_RTMP_INPUT)
}

// relay gives what a sender sends to the publisher, until one of them goes.
func (s *session) relay(reader *gortmplib.Reader, connection net.Conn) error {
	// With the session the connection ends, so that the sender learns of it.
	media, done, err := s.publishPipe(func() { _ = connection.Close() })
	if err != nil {
		return err
	}
	failure := writeTransportStream(reader, media)
	for err == nil {
		_ = connection.SetDeadline(time.Now().Add(senderTimeout))
		if err = reader.Read(); err == nil {
			err = *failure
		}
	}
	_ = media.Close() // the publisher ends with what it has
	<-done
	return err
}

const clockRate = 90_000

func toClock(d time.Duration) int64 { return int64(d) * clockRate / int64(time.Second) }

// writeTransportStream has the media of a sender written as an MPEG transport stream, H.264 and AAC; others are left out.
func writeTransportStream(reader *gortmplib.Reader, media *os.File) *error {
	writer := &mpegts.Writer{W: media}
	failure := new(error)
	for _, track := range reader.Tracks() {
		switch codec := track.Codec.(type) {
		case *rtmpcodecs.H264:
			written := &mpegts.Track{Codec: &tscodecs.H264{}}
			writer.Tracks = append(writer.Tracks, written)
			reader.OnDataH264(track, func(pts, dts time.Duration, unit [][]byte) {
				*failure = errors.Join(*failure, writer.WriteH264(written, toClock(pts), toClock(dts), unit))
			})
		case *rtmpcodecs.MPEG4Audio:
			written := &mpegts.Track{Codec: &tscodecs.MPEG4Audio{Config: *codec.Config}}
			writer.Tracks = append(writer.Tracks, written)
			reader.OnDataMPEG4Audio(track, func(pts time.Duration, unit []byte) {
				*failure = errors.Join(*failure, writer.WriteMPEG4Audio(written, toClock(pts), [][]byte{unit}))
			})
		}
	}
	*failure = writer.Initialize()
	return failure
}
