package main

import "github.com/livekit/protocol/livekit"

const (
	defaultAudioKbps = 128
	kilo             = 1000
)

type preset struct {
	Picture
	videoKbps int
}

var presets = map[livekit.EncodingOptionsPreset]preset{
	livekit.EncodingOptionsPreset_H264_720P_30:           {Picture{1280, 720, 30}, 3000},
	livekit.EncodingOptionsPreset_H264_720P_60:           {Picture{1280, 720, 60}, 4500},
	livekit.EncodingOptionsPreset_H264_1080P_30:          {Picture{1920, 1080, 30}, 4500},
	livekit.EncodingOptionsPreset_H264_1080P_60:          {Picture{1920, 1080, 60}, 6000},
	livekit.EncodingOptionsPreset_PORTRAIT_H264_720P_30:  {Picture{720, 1280, 30}, 3000},
	livekit.EncodingOptionsPreset_PORTRAIT_H264_720P_60:  {Picture{720, 1280, 60}, 4500},
	livekit.EncodingOptionsPreset_PORTRAIT_H264_1080P_30: {Picture{1080, 1920, 30}, 4500},
	livekit.EncodingOptionsPreset_PORTRAIT_H264_1080P_60: {Picture{1080, 1920, 60}, 6000},
}

func (o *order) setPicture(name livekit.EncodingOptionsPreset) {
	chosen := presets[name]
	o.plan.Picture = chosen.Picture
	o.plan.VideoBps, o.plan.AudioBps = chosen.videoKbps*kilo, defaultAudioKbps*kilo
}

// readEncoding takes the size, rates and bitrates; the codecs stay H.264 with AAC, or Opus.
func (o *order) readEncoding(r encoded) {
	o.setPicture(r.GetPreset())
	options := r.GetAdvanced()
	if options == nil {
		return
	}
	o.setPicture(livekit.EncodingOptionsPreset_H264_1080P_30)
	replace := func(into *int, value int32, factor int) {
		if value > 0 {
			*into = int(value) * factor
		}
	}
	replace(&o.plan.Picture.Width, options.Width, 1)
	replace(&o.plan.Picture.Height, options.Height, 1)
	replace(&o.plan.Picture.FrameRate, options.Framerate, 1)
	replace(&o.plan.VideoBps, options.VideoBitrate, kilo)
	replace(&o.plan.AudioBps, options.AudioBitrate, kilo)
}

// limitPicture makes a picture smaller and slower, unless there is no limit.
func limitPicture(picture Picture, limit *Picture) Picture {
	if limit == nil {
		return picture
	}
	return Picture{
		Width:     min(picture.Width, limit.Width),
		Height:    min(picture.Height, limit.Height),
		FrameRate: min(picture.FrameRate, limit.FrameRate),
	}
}
