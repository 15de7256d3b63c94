"""Sentences of replies, and what they ask the customer for."""

# What is written, and what it asks for; several with | between them.
ASKS = """
Could you please share a screenshot of the payment screen? = a screenshot of the payment screen
please send us the log = the log
Please send us the log. = the log
Can you attach the log file? = the log file
can you attach a photo of the reader = a photo of the reader
can you tell me which browser = the browser
Can you tell me which browser you use? = the browser you use
Could you tell us what version you have installed? = the version you have installed
Can you tell me when it started? = word on when it started
Could you tell us whether other tills do it too? = word on whether other tills do it too
we need your order number = the order number
To find it we need your order number. = the order number
We still need the serial number of the reader. = the serial number of the reader
We need the log file to go on. = the log file
I need a copy of the receipt, please. = a copy of the receipt
We would need the exact error message. = the exact error message
We'll need your IP address. = the IP address
We need some details from you. = some details
let me know your account id = the account id
Please let us know your account id, so that we can look it up. = the account id
Let us know the time of the last payment. = the time of the last payment
Tell us the number on the back of the till. = the number on the back of the till
Please provide more details. = more details
Please provide us with more details about the export. = more details about the export
Please upload screenshots. = screenshots
Please upload the invoice here. = the invoice
Could you upload the CSV again? = the CSV
Would you mind sending us the invoice? = the invoice
Would you mind sharing a screenshot? = a screenshot
Would you be able to send us a screen recording? = a screen recording
Would you be so kind as to forward the mail with the error? = the mail with the error
Are you able to share the HAR file? = the HAR file
Is it possible for you to send the full log? = the full log
May I ask you to send the HAR file over to us? = the HAR file
May I ask which version you have? = the version you have
Can I ask for your customer number? = the customer number
Could I have your serial number, please? = the serial number
Can we get a screenshot of that page? = a screenshot of that page
It would help if you could send us the log. = the log
It would be great if you could attach the log. = the log
We would appreciate it if you could share a short video. = a short video
I'd like to see the full error message. = the full error message
Kindly share the transaction ID. = the transaction ID
Kindly provide the order number. = the order number
Thanks for the report. Could you send a screenshot? = a screenshot
Hi Cleo, could you send a screenshot? = a screenshot
Hello Cleo, please send us a screenshot. = a screenshot
I looked into it, but please send us the log of today. = the log of today
If it happens again, please take a screenshot. = a screenshot
Please take a screenshot when it happens again. = a screenshot when it happens again
Could you take a photo of the label and send it to us? = a photo of the label
Could you make a screen recording of it? = a screen recording of it
Could you record a short video? = a short video
Can you grab a screenshot of that? = a screenshot of that
Please capture the network trace. = the network trace
Please create an export of the settings. = an export of the settings
Could you get us the log from the server? =
Could you give us the exact error message? = the exact error message
Please give us your phone number. = the phone number
Could you give me an example? = an example
Please add a screenshot. = a screenshot
Please include the order number. = the order number
Could you paste the full output below? = the full output
Please paste the stack trace here. = the stack trace
Could you email us the signed document? = the signed document
Please reply, and attach the log file. =
Please attach the log file to your reply. = the log file
Could you send us a screenshot and the log file? = a screenshot and the log file
Could you send us a screenshot and tell us which browser you use? = a screenshot | the browser you use
Could you test it and send us the log? = a test | the log
Please send us the log, then try again. = the log | another try
Could you please share a screenshot? And please send us the log file. = a screenshot | the log file
Can you test it now? = a test
Can you test it? = a test
Could you please test this again? = another test
Please test it out. = a test
Could you retest it now? = another test
Can you please retry? = another try
Can you try again? = another try
Could you try once more? = another try
Please try it again tomorrow. = another try
Could you try it in Firefox? = a try in Firefox
Can you try with another card? = a try with another card
Could you try to sign in again? = a try to sign in
Could you try restarting the till? = a try at restarting the till
Please try the new version. = a test of the new version
Can you test the new release, please? = a test of the new release
Please give it another try. = another try
Could you confirm that it works now? = word on whether it works now
Please confirm whether the receipt is right. = word on whether the receipt is right
Please confirm your address. = confirmation of the address
Could you confirm the account number? = confirmation of the account number
Could you describe the steps? = a description of the steps
Could you please describe your settings? = a description of the settings
Could you send us a copy of the receipt, so that we can check it? = a copy of the receipt
Please send us the log because we see nothing here. = the log
Please send a screenshot if you can. = a screenshot
Could you send the file as soon as possible? = the file
Could you send the report when you have a minute? = the report
Please send us the log by tomorrow. = the log
COULD YOU SEND US THE LOG? = THE LOG
Could you also please attach a photo of the reader (front and back)? = a photo of the reader
Please send: the log =
Please send us the log.\\nThank you! = the log
Could you send us\\nthe log file? = the log file
Could you kindly send across the log? =
Could you kindly confirm the address on file? = confirmation of the address on file
Please could you send us a screen shot? = a screen shot
Please try clearing the cache first. = a try at clearing the cache
If you still have the receipt, could you send us a picture of it? = a picture of it
Sorry to ask, but could you send the contract again? = the contract
Would you please send over the signed form? = the signed form
I need you to send me the batch number. = the batch number
Can you show me the error? = the error
Could you run the export and attach the result? = the result
Please send me the output of "ipconfig /all". = the output
We only need your name and address. = the name and address
We need your approval. = the approval
Can you post a link to the page? = a link to the page
Once you have it, send us the log. = the log
Send us the log. = the log
Just send us a screenshot. = a screenshot
Could you drop me the invoice number? = the invoice number
Can you mail the reader back to us? = the reader
Please submit the form. = the form
We'd need access to the server. = access to the server
Could you provide access to the test system? = access to the test system
Could you test whether the printer works? = a test whether the printer works
Could you test on another network? = a test on another network
"""

NOTHING = """
Could you please hold on?
Could you hold the line?
please wait
Please wait for the log.
we shared a screenshot
We shared a screenshot of the payment screen with the vendor.
You shared a screenshot, thank you.
Thank you for sharing the log.
Thanks for the screenshot!
I will send you the log.
We will send you a new reader.
I can send you the invoice.
Shall I send you the invoice?
Can I send you a form?
You can send us the log if you like.
You could send the log later.
No need to send the log.
You need not send us anything.
Please don't send us any passwords.
Please do not share your password.
How can you send us the log?
Where can you find the log?
What can you see?
Can you see it now?
Can you hear me?
Can you reproduce it?
Could you bear with us?
Please bear with us.
Please be patient.
Could you give us a moment?
Please give us some time.
Please give us a day.
Can you give me a call?
Would you give us a chance?
Please accept our apologies.
Please note that we are closed on Monday.
Please see the log above.
Please find the log attached.
Please contact your bank.
Please feel free to write again.
Please let me know if you have any questions.
Let me know if it happens again.
Please let us know if there is anything else.
Let us know how it goes.
Let me know when you are back.
Let us know what you think.
Please let me know.
Please tell us if you need anything else.
Can you tell me more about it?
Could you tell me what you think?
I'll let you know the number.
Let me check the log.
Let me send you the log.
We need to check the log.
We need a fix from the vendor.
We need more time.
We need a day or two.
We need the vendor to send us the log.
We need our developers to look at the log.
We need to send the log to the vendor.
We do not need the log any more.
You need the order number to sign in.
Do you need the log?
Which log do you need?
We have your order number.
We got the log file, thank you.
I asked the vendor for the log.
The vendor asked us to send the log.
Our engineers will take a screenshot.
They try it again tomorrow.
We will test it tomorrow.
I tested it, and it works.
We try again in an hour.
Could you please send my regards to Cleo?
Please share your feedback.
Please share your thoughts.
Please send it again.
Can you send that?
Could you send us everything?
> Could you send the log?
You wrote "please send us the log" yesterday.
You wrote “could you send a screenshot?”, and we did.
`please send the log`
Can you imagine?
Could you do that?
Would you like a refund?
Will you be there tomorrow?
Will you send it?
Could it be the log?
Please.
Could you
please send
?
Please find attached the log you asked for.
Could you check the cable, please?
We have shared the file with our engineers, please wait for their reply.
Can you please let me know the best time to call you?
Can you let us know if this works for you?
We will share a screenshot later today.
Please help us by sending the log.
Could you tell us your thoughts?
Do you have a screenshot?
Please share this with your team.
Please share this file with nobody.
Please take a look at the attached file.
Please take your time.
Please make sure that the reader is on.
Could you get back to us?
Please get in touch with your bank.
We need your help.
We need your patience a little longer.
Please give us your approval.
Can you record which buttons you press?
Please let us know which of the two you prefer.
Please let me know what time suits you.
Please drop us a line.
Could you create a new account?
Please create a ticket with your bank.
Could you include your colleague?
Could you add more memory?
Could you post this on Monday?
Could you email me?
Please e-mail support@example.com.
Can you forward this to your accountant?

"""
