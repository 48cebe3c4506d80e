"""Every error this package raises on purpose.

AltaloudError                     catch this to catch them all
├── SettingsError                 settings.toml or an ALTALOUD_* variable is wrong
├── ImageError                    we cannot describe what was sent
│   ├── UnreadableImageError      not an image in a format we read, or nothing at all
│   ├── DamagedImageError         an image that ends early or contradicts itself
│   └── ImageTooLargeError        more pixels or bytes than we accept
├── ModelError                    the weights
│   ├── UnknownModelError         no model of that name
│   ├── ModelMissingError         not on this computer
│   ├── ModelDamagedError         a file is not the one that was pinned
│   ├── ModelBusyError            another process is at it
│   ├── DownloadError             the hub cannot be reached or answers nonsense
│   └── DiskFullError             too little room for what is to come
├── DeviceFullError               a GPU's memory is too small
├── ChildError                    a process of ours failed this one request
│   ├── ChildCrashedError
│   └── ChildTimeoutError
├── SpeechError                   nothing can be heard
│   ├── NoVoiceError              no speech engine
│   └── NoSoundError              a speech engine, but nowhere to play
├── RememberingError              the store of descriptions
│   ├── KeyringError              no safe place for the store's key
│   └── StoreDamagedError         the file is not a store we can open
├── RequestError                  what was asked makes no sense
│   ├── NotFoundError
│   │   └── ImageNeededError      an image that is no longer at hand
│   ├── MethodError               neither POST nor DELETE
│   ├── BodyTooLargeError
│   ├── BodyTypeError             neither JSON nor multipart, as the route wants it
│   ├── TooSlowError              the request did not arrive in time
│   └── TooManyRequestsError
│       └── TooManyCodesError     of pairing, tried
├── AccessError                   the caller may not
│   ├── NotPairedError            no key, or a session that has ended
│   └── ForbiddenError            right key, wrong place
├── HelperNotRunningError
├── HelperRunningError            one is running already
├── PortTakenError
└── BrowserError                  a browser's folder cannot be written

Code below `service` raises one of these; it never returns a status or a message instead.
Only `service.api` and `cli` turn them into status codes and exit codes.
"""


class AltaloudError(Exception):
    """Base class: `str(error)` says in one line what happened, `advice` what the user can do."""

    advice = "Run `altaloud doctor`; it checks everything and says what to do."

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice is not None:
            self.advice = advice

    def fields(self) -> dict[str, str]:
        """Return the error as it stands in JSON: `error` is for programs, the others for people."""
        return {"error": type(self).__name__, "message": str(self), "advice": self.advice}


class SettingsError(AltaloudError):
    """A setting is unknown or has a value it cannot have."""

    advice = "Correct or remove it; the README lists every setting."


class ImageError(AltaloudError):
    """We cannot describe what was sent."""

    advice = "Save the picture as PNG or JPEG and try again."


class UnreadableImageError(ImageError):
    """The bytes are not an image in any format we read."""

    advice = "Send a JPEG, PNG, WEBP, GIF, AVIF, BMP or ICO image."


class DamagedImageError(ImageError):
    """The bytes begin as an image and then end early or contradict themselves."""

    advice = "Load or save the picture again; part of it is missing or damaged."


class ImageTooLargeError(ImageError):
    """More pixels or bytes than the settings allow."""

    advice = "Shrink the picture and try again."


class ModelError(AltaloudError):
    """Something about a model's files."""


class UnknownModelError(ModelError):
    """There is no model of that name."""

    advice = "Run `altaloud models list` for the names."


class ModelMissingError(ModelError):
    """The weights are not on this computer."""

    advice = "Run `altaloud models download caption-base` once, while online."


class ModelDamagedError(ModelError):
    """A file is not byte for byte the one that was pinned."""

    advice = "Remove the model with `altaloud models remove` and download it again."


class ModelBusyError(ModelError):
    """Another process is downloading or removing the model."""

    advice = "Wait until it has finished, or end it, and try again."


class DownloadError(ModelError):
    """The hub cannot be reached, or what it sends is not what was asked for."""

    advice = "Check the network and run the same command again: it goes on where it stopped."


class DiskFullError(ModelError):
    """Too little room on the disk for what is to come."""

    advice = "Free some disk space and run the same command again."


class DeviceFullError(AltaloudError):
    """The memory of the GPU does not hold even one picture."""

    advice = 'Close other programs that use the GPU, or set device = "cpu".'


class ChildError(AltaloudError):
    """A process of ours failed this one request; the next one gets a new process."""

    advice = "Try again; if it happens every time with this image, leave the image out."


class ChildCrashedError(ChildError):
    """The process ended in the middle of a request."""


class ChildTimeoutError(ChildError):
    """The process took longer than its limit and was ended."""


class SpeechError(AltaloudError):
    """Nothing can be heard."""


class NoVoiceError(SpeechError):
    """There is no speech engine."""

    advice = "On Linux, install espeak-ng; on other systems, install a system voice."


class NoSoundError(SpeechError):
    """There is a speech engine, but nowhere to play its sound."""

    advice = "Connect or switch on a sound device, then try again."


class RememberingError(AltaloudError):
    """The store of descriptions cannot be used."""


class KeyringError(RememberingError):
    """There is no safe place for the store's key."""

    advice = (
        "Unlock or install the desktop's keyring, "
        'or set key_store = "file" in settings.toml to keep the key beside the store.'
    )


class StoreDamagedError(RememberingError):
    """The file is not a store that we can open."""

    advice = "Run `altaloud memory forget --all` to begin a new one."


class RequestError(AltaloudError):
    """What was asked makes no sense as it stands."""

    advice = "Correct the request; the README describes every route."


class NotFoundError(RequestError):
    """What was named is not there."""


class ImageNeededError(NotFoundError):
    """The image that a question is about is no longer at hand."""

    advice = "Send the image with the question."


class TooManyRequestsError(RequestError):
    """More waiting than the helper agrees to hold."""

    advice = "Wait a moment and ask again."


class TooManyCodesError(TooManyRequestsError):
    """More pairing codes tried than a person would."""

    advice = "Wait a minute, run `altaloud pair` for a new code, and type that one."


class MethodError(RequestError):
    """A method that no route has."""


class BodyTooLargeError(RequestError):
    """More bytes than the route takes."""

    advice = "Send less; an image may have as many bytes as the setting max_bytes says."


class BodyTypeError(RequestError):
    """The request's body is not of the type that the route takes."""


class TooSlowError(RequestError):
    """The request did not arrive whole in time."""

    advice = "Send the request again, without pauses."


class AccessError(AltaloudError):
    """The caller may not."""


class NotPairedError(AccessError):
    """No key, a wrong one, or a session that has ended."""

    advice = "Connect again: open the extension's options, or say hello with the key once more."


class ForbiddenError(AccessError):
    """The request comes from where it must not."""

    advice = "Only the paired extension, or a program with a key, may ask."


class HelperNotRunningError(AltaloudError):
    """No helper answers on this computer."""

    advice = "Start it with `altaloud start`."


class HelperRunningError(AltaloudError):
    """A helper of this home is running already."""

    advice = "Use it, or end it with `altaloud stop`."


class PortTakenError(AltaloudError):
    """Another program listens on the helper's port."""

    advice = "Choose another with `altaloud start --port N`, or set port = 0 for any free one."


class BrowserError(AltaloudError):
    """A browser's folder cannot be found or written."""

    advice = "Name the profile's folder with --profile, and make sure that it is yours to write."
