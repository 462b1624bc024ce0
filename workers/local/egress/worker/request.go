package main

import (
	"path"
	"strings"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
)

// Picture is the size and rate of a video.
type Picture struct {
	Width     int `json:"width"`
	Height    int `json:"height"`
	FrameRate int `json:"frameRate"`
}

// Plan is what the recorder is asked to do, as it reads it.
type Plan struct {
	URL      string  `json:"url"`
	Token    string  `json:"token"`
	Layout   string  `json:"layout"`
	Audio    bool    `json:"audio"`
	Video    bool    `json:"video"`
	Picture  Picture `json:"picture"`
	AudioBps int     `json:"audioBps"`
	VideoBps int     `json:"videoBps"`
	// Whose tracks: of one person (camera or screen), these, or all when both are empty.
	Identity    string   `json:"identity"`
	ScreenShare bool     `json:"screenShare"`
	TrackIDs    []string `json:"trackIds"`
	// Single is whether the one track decides on the kind of file.
	Single bool   `json:"single"`
	File   string `json:"file"`
	// Targets are what is sent to in place of a file; empty for a file.
	Targets []Target `json:"targets"`
	// Segments are what is written as HLS in place of a file, or beside the targets; nil for none.
	Segments *SegmentPlan `json:"segments"`
}

// upload is what both kinds of file output have.
type upload interface {
	storage
	GetFilepath() string
}

// order is a request that was understood.
type order struct {
	info *livekit.EgressInfo
	plan Plan
	// file is where the file goes, as it was asked for; nil for a stream.
	file upload
	// segments are where segments go, as it was asked for; nil for none.
	segments *livekit.SegmentedFileOutput
	kind     livekit.EncodedFileType
	// isOldForm is whether the result belongs in the deprecated field, too.
	isOldForm bool
}

type encoded interface {
	GetPreset() livekit.EncodingOptionsPreset
	GetAdvanced() *livekit.EncodingOptions
}

type outputs interface {
	GetFileOutputs() []*livekit.EncodedFileOutput
	GetStreamOutputs() []*livekit.StreamOutput
	GetSegmentOutputs() []*livekit.SegmentedFileOutput
	GetImageOutputs() []*livekit.ImageOutput
}

func unsupported(what string) error {
	return psrpc.NewErrorf(psrpc.Unimplemented, "%s: the stand-in for egress cannot do that", what)
}

func invalid(what string) error {
	return psrpc.NewErrorf(psrpc.InvalidArgument, "request has %s", what)
}

// parseRequest reads a request of LiveKit's server; what the stand-in cannot do is refused.
func parseRequest(request *rpc.StartEgressRequest) (*order, error) {
	now := time.Now().UnixNano()
	o := &order{
		info: &livekit.EgressInfo{
			EgressId:  request.EgressId,
			RoomId:    request.RoomId,
			Status:    livekit.EgressStatus_EGRESS_STARTING,
			UpdatedAt: now,
		},
		plan: Plan{Layout: "grid", Audio: true, Video: true, TrackIDs: []string{}, Targets: []Target{}},
	}
	var err error
	switch r := request.Request.(type) {
	case *rpc.StartEgressRequest_RoomComposite:
		err = o.readComposite(r.RoomComposite)
	case *rpc.StartEgressRequest_Participant:
		err = o.readParticipant(r.Participant)
	case *rpc.StartEgressRequest_TrackComposite:
		err = o.readTrackComposite(r.TrackComposite)
	case *rpc.StartEgressRequest_Track:
		err = o.readTrack(r.Track)
	case *rpc.StartEgressRequest_Web:
		err = unsupported("recording a page of the web")
	default:
		err = unsupported("this form of request")
	}
	if err != nil {
		return nil, err
	}
	return o, o.requireStorage()
}

func (o *order) readComposite(r *livekit.RoomCompositeEgressRequest) error {
	o.info.RoomName = r.RoomName
	o.info.Request = &livekit.EgressInfo_RoomComposite{RoomComposite: r}
	if r.CustomBaseUrl != "" {
		return unsupported("a page of its own")
	}
	if r.AudioOnly && r.VideoOnly {
		return invalid("both audio_only and video_only")
	}
	if r.Layout != "" {
		o.plan.Layout = r.Layout
	}
	o.plan.Audio, o.plan.Video = !r.VideoOnly, !r.AudioOnly
	o.readEncoding(r)
	return o.readOutputs(r, r.GetFile(), r.GetStream() != nil || r.GetSegments() != nil)
}

func (o *order) readParticipant(r *livekit.ParticipantEgressRequest) error {
	o.info.RoomName = r.RoomName
	o.info.Request = &livekit.EgressInfo_Participant{Participant: r}
	if r.Identity == "" {
		return invalid("no identity")
	}
	o.plan.Identity, o.plan.ScreenShare = r.Identity, r.ScreenShare
	o.readEncoding(r)
	return o.readOutputs(r, nil, false)
}

func (o *order) readTrackComposite(r *livekit.TrackCompositeEgressRequest) error {
	o.info.RoomName = r.RoomName
	o.info.Request = &livekit.EgressInfo_TrackComposite{TrackComposite: r}
	o.plan.Audio, o.plan.Video = r.AudioTrackId != "", r.VideoTrackId != ""
	if !o.plan.Audio && !o.plan.Video {
		return invalid("no track")
	}
	for _, id := range []string{r.AudioTrackId, r.VideoTrackId} {
		if id != "" {
			o.plan.TrackIDs = append(o.plan.TrackIDs, id)
		}
	}
	o.readEncoding(r)
	return o.readOutputs(r, r.GetFile(), r.GetStream() != nil || r.GetSegments() != nil)
}

func (o *order) readTrack(r *livekit.TrackEgressRequest) error {
	o.info.RoomName = r.RoomName
	o.info.Request = &livekit.EgressInfo_Track{Track: r}
	if r.TrackId == "" {
		return invalid("no track")
	}
	if r.GetFile() == nil {
		return unsupported("a track over a WebSocket")
	}
	o.plan.TrackIDs, o.plan.Single = []string{r.TrackId}, true
	o.setPicture(livekit.EncodingOptionsPreset_H264_720P_30)
	o.file = r.GetFile()
	return nil
}

func (o *order) readOutputs(r outputs, old *livekit.EncodedFileOutput, others bool) error {
	if others || len(r.GetImageOutputs()) > 0 {
		return unsupported("output other than one file, a stream or segments")
	}
	files := r.GetFileOutputs()
	if old != nil {
		files, o.isOldForm = append(files, old), true
	}
	streams, segments := r.GetStreamOutputs(), r.GetSegmentOutputs()
	if len(segments) > 0 {
		if err := o.readSegments(segments, len(files)); err != nil || len(streams) == 0 {
			return err
		}
	}
	if len(streams) > 0 {
		return o.readStreams(streams, len(files))
	}
	if len(files) != 1 {
		return invalid("not exactly one file output")
	}
	o.file, o.kind = files[0], files[0].FileType
	if o.kind == livekit.EncodedFileType_DEFAULT_FILETYPE {
		o.kind = livekit.EncodedFileType_MP4
		if !o.plan.Video {
			o.kind = livekit.EncodedFileType_OGG
		}
	}
	if o.kind == livekit.EncodedFileType_OGG && o.plan.Video {
		return invalid("video in an OGG file")
	}
	return nil
}

func (o *order) requireStorage() error {
	if o.segments != nil {
		return requireS3(o.segments)
	}
	if o.file == nil {
		return nil
	}
	return requireS3(o.file)
}

// storage is where an output goes.
type storage interface {
	GetS3() *livekit.S3Upload
	GetGcp() *livekit.GCPUpload
	GetAzure() *livekit.AzureBlobUpload
	GetAliOSS() *livekit.AliOSSUpload
}

func requireS3(o storage) error {
	if o.GetGcp() != nil || o.GetAzure() != nil || o.GetAliOSS() != nil {
		return unsupported("storage other than S3")
	}
	if s3 := o.GetS3(); s3 != nil && (s3.Bucket == "" || s3.AccessKey == "" || s3.Secret == "") {
		return invalid("no bucket, access key or secret")
	}
	return nil
}

// storagePath is the path of the file: cleaned, completed, and with the right extension, as the real egress does it.
func (o *order) storagePath(extension string) string {
	asked := o.file.GetFilepath()
	isFolder := asked == "" || strings.HasSuffix(asked, "/")
	clean := strings.TrimPrefix(path.Clean("/"+asked), "/")
	now := time.Now()
	clean = strings.NewReplacer(
		"{room_name}", o.info.RoomName,
		"{room_id}", o.info.RoomId,
		"{time}", now.Format("2006-01-02T150405"),
		"{utc}", now.UTC().Format("20060102150405.000"),
		"{track_id}", strings.Join(o.plan.TrackIDs, "-"),
	).Replace(clean)
	if isFolder {
		return path.Join(clean, o.info.RoomName+"-"+now.Format("2006-01-02T150405")) + extension
	}
	if strings.HasSuffix(clean, extension) {
		return clean
	}
	switch known := path.Ext(clean); known {
	case ".mp4", ".ogg", ".webm", ".mkv":
		clean = strings.TrimSuffix(clean, known)
	}
	return clean + extension
}
